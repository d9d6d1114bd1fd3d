/** A twin made from a bundle that names its person: no file to look at, and no export, holds the name. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataPath, describeWithData } from '../support/data.ts';
import { ingestAndWait, openTestEngine } from '../support/engine.ts';
import { ROOT } from '../support/source-tree.ts';

const SET = 'synthea-r4-bundles';

interface Patient {
  resourceType: string;
  birthDate: string;
  name: { family: string; given: string[] }[];
  identifier: { value: string }[];
  address: { line: string[] }[];
  telecom: { value: string }[];
}

/** Every file below a folder, with its bytes. */
function filesBelow(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1), text: readFileSync(path).toString('latin1') }));
}

describeWithData(SET, () => {
  const folder = mkdtempSync(join(tmpdir(), 'msdt-identity-'));
  const dataDir = join(folder, 'data');
  const source = readdirSync(dataPath(SET)).find((name) => name.endsWith('.json')) as string;
  let words: string[];
  let twin: string;
  /** everything the store keeps of the twin */
  let kept: string;

  const tells = (files: { path: string; text: string }[]) =>
    files.flatMap(({ path, text }) =>
      words.filter((word) => `${path}\n${text}`.toLowerCase().includes(word.toLowerCase())).map((word) => [path, word]),
    );

  beforeAll(async () => {
    const { entry } = JSON.parse(readFileSync(dataPath(SET, source), 'utf8')) as { entry: { resource: Patient }[] };
    const { name, birthDate, identifier, address, telecom } = entry
      .map(({ resource }) => resource)
      .find(({ resourceType }) => resourceType === 'Patient') as Patient;
    words = [
      ...name.flatMap(({ family, given }) => [family, ...given]),
      ...identifier.map(({ value }) => value),
      ...address.flatMap(({ line }) => line),
      ...telecom.map(({ value }) => value),
      birthDate,
    ];
    const { engine, close } = await openTestEngine(dataDir);
    twin = (await engine.createTwin('P-001', { synthetic: true })).id;
    const job = await ingestAndWait(engine, twin, [dataPath(SET, source)]);
    expect(job.items.some(({ status }) => status === 'ok')).toBe(true);
    await engine.store.settled();
    const state = await engine.store.twins.current(twin);
    const assessments = await engine.store.twins.assessments(twin);
    kept = JSON.stringify([state, assessments, await engine.store.twins.getAssessment(twin)]);
    await close();
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args, '--data', dataDir], { encoding: 'utf8' });

  it('is looked for with words that are in the source', () => {
    expect(words.length).toBeGreaterThan(5);
    expect(tells([{ path: source, text: readFileSync(dataPath(SET, source)).toString('latin1') }]).length).toBe(
      words.length,
    );
  });

  it('is in nothing the store keeps of the twin beside the original', () => {
    expect(kept).toContain('original-1.json');
    expect(kept).toContain('person.age');
    expect(tells([{ path: '', text: kept }])).toEqual([]);
  });

  it('is in no file of the browsable folder', () => {
    const files = filesBelow(join(dataDir, 'twins'));
    expect(files.map(({ path }) => path).join('\n')).toMatch(/_record\/withheld\.txt/);
    expect(files.length).toBeGreaterThan(3);
    expect(tells(files)).toEqual([]);
  });

  it('is in no export', () => {
    for (const format of [[], ['--format', 'fhir'], ['--format', 'json']]) {
      const out = join(folder, `out${format.join('')}`);
      run('export', twin, '--out', out, ...format);
      const files = filesBelow(out);
      expect(files.length).toBeGreaterThan(2);
      expect(tells(files)).toEqual([]);
    }
  }, 120_000);

  it('is shown when somebody asks for it', () => {
    run('show', twin, '--identified');
    const files = filesBelow(join(dataDir, 'twins'));
    const told = tells(files);
    expect(told.length).toBe(words.length);
    expect(new Set(told.map(([path]) => /acquisitions\/.+_record\/0001\.json$/.test(path)))).toEqual(new Set([true]));
  }, 120_000);
});
