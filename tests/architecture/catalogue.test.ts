import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import { ARTIFACT_KINDS, kindMatches, parseInputSpec } from '../../src/model/index.ts';
import { ROOT } from '../support/source-tree.ts';

const text = readFileSync(join(ROOT, 'src/catalogue.ts'), 'utf8');

/** Folders that are parts of a room, not entries of the catalogue. */
const NOT_ENTRIES: Record<string, readonly string[]> = {
  subject: ['ingest'],
  formats: ['mesh', 'recording'],
  hme: [],
  interop: [],
};

describe('catalogue', () => {
  it.each(Object.keys(NOT_ENTRIES))('names every folder of %s', (room) => {
    const folder = join(ROOT, 'src', room);
    const folders = existsSync(folder)
      ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
      : [];
    const missing = folders.filter(
      (name) => !NOT_ENTRIES[room].includes(name) && !text.includes(`./${room}/${name}/index.ts`),
    );
    expect(missing).toEqual([]);
  });

  it('loads every entry under its own id', async () => {
    for (const list of [catalogue.formats, catalogue.modalities, catalogue.capabilities, catalogue.tools]) {
      for (const entry of list) expect((await entry.load()).id).toBe(entry.id);
    }
  });

  it('holds sound capabilities', async () => {
    const seen = new Map<string, string>();
    for (const entry of catalogue.capabilities) {
      const capability = await entry.load();
      for (const text of [...Object.values(capability.inputs), ...Object.values(capability.outputs)]) {
        const { pattern } = parseInputSpec(text);
        expect(
          ARTIFACT_KINDS.some((kind) => kindMatches(kind, pattern)),
          `${capability.id}: ${text}`,
        ).toBe(true);
      }
      for (const spec of Object.values(capability.params)) {
        if (spec.type === 'number')
          expect(spec.default >= spec.min && spec.default <= spec.max, capability.id).toBe(true);
        if (spec.type === 'choice') expect(spec.options, capability.id).toContain(spec.default);
      }
      for (const definition of capability.features) {
        expect(seen.get(definition.id) ?? capability.id, `feature ${definition.id} has two makers`).toBe(capability.id);
        seen.set(definition.id, capability.id);
        expect(definition.definition.length, definition.id).toBeGreaterThan(20);
        expect(definition.source.length, definition.id).toBeGreaterThan(3);
      }
    }
  });
});
