/**
 * The seam of file formats, held for every format behind the door of `src/formats`: it knows its own bytes and no others',
 * gives back what it wrote, and meets damaged bytes with an error that names file, place and remedy.
 */

import { describe, expect, it } from 'vitest';
import * as door from '../../src/formats/index.ts';
import { createRandom, type Random } from '../../src/kernel/index.ts';
import {
  ARTIFACT_KINDS,
  type ArtifactKind,
  type Format,
  isMsdtError,
  type SourceFile,
  type WrittenFile,
} from '../../src/model/index.ts';
import { differenceOf, variantsOf } from '../support/formats/format-samples.ts';
import { filesOf, memoryFile, sampleOf } from '../support/formats/formats.ts';
import { expectHelpful } from '../support/formats/robust.ts';

const formats = Object.values(door).filter(isFormat);
const writers = formats.filter((format) => format.write !== undefined);
const readers = writers.filter((format) => format.reads.length > 0);

/** Inputs per format that are cut or flipped. */
const FUZZ_INPUTS = 200;
const SLOWEST_MS = 2000;

function isFormat(value: unknown): value is Format {
  return typeof value === 'object' && value !== null && 'sniff' in value && 'read' in value && 'id' in value;
}

/** Samples of a format that it also reads: Parquet writes tables that it leaves to others. */
async function readableSamplesOf(format: Format): ReturnType<typeof samplesOf> {
  return (await samplesOf(format)).filter(({ kind }) => format.reads.some((read) => family(read) === family(kind)));
}

function family(kind: ArtifactKind): string {
  return kind.split('.')[0];
}

async function writtenBy(format: Format, kind: ArtifactKind, choices?: Record<string, string>): Promise<WrittenFile[]> {
  return (await format.write?.(sampleOf(kind), { choices })) ?? [];
}

/** One set of files per kind and way of writing. */
async function samplesOf(
  format: Format,
): Promise<{ kind: ArtifactKind; choices: Record<string, string>; files: WrittenFile[] }[]> {
  const samples: { kind: ArtifactKind; choices: Record<string, string>; files: WrittenFile[] }[] = [];
  const seen = new Set<string>();
  for (const kind of format.writes) {
    const like = family(kind) + (/^(volume|sequence)/.test(kind) ? kind : '');
    // one label map or mesh is like another
    if (seen.has(like) && /^(labelmap|mesh|landmarks|table|signal)/.test(kind)) continue;
    seen.add(like);
    for (const choices of variantsOf(format, kind))
      samples.push({ kind, choices, files: await writtenBy(format, kind, choices) });
  }
  return samples;
}

describe('formats', () => {
  it('are all there, under their own names', () => {
    expect(formats.length).toBeGreaterThanOrEqual(11);
    for (const [name, value] of Object.entries(door))
      if (isFormat(value)) expect(value.id.replaceAll('-', '')).toBe(name.toLowerCase());
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  });
});

describe.each(formats)('$id', (format) => {
  it('describes itself', () => {
    expect(format.title).not.toBe('');
    expect(format.mediaType).toMatch(/^[\w-]+\/[\w.+-]+$/);
    for (const extension of format.extensions) expect(extension).toMatch(/^\.[a-z0-9.]+$/);
    for (const kind of [...format.reads, ...format.writes]) expect(ARTIFACT_KINDS).toContain(kind);
    if (format.writes.length > 0) expect(format.write).toBeTypeOf('function');
  });

  it('takes no random bytes, no empty file and no plain text for its own', () => {
    const random = createRandom(11);
    for (let trial = 0; trial < 50; trial++) {
      const bytes = Uint8Array.from({ length: 1024 }, () => random.int(0, 255));
      expect(format.sniff(bytes, 'unknown.bin')).toBe('no');
    }
    for (const text of ['', 'Dear colleague,\nthank you for the referral.\n']) {
      expect(format.sniff(new TextEncoder().encode(text), 'letter')).toBe('no');
    }
  });

  it('meets an empty and a foreign file with a helpful error', async () => {
    const foreign = new TextEncoder().encode('\u0001\u0002 this is not it '.repeat(20));
    for (const bytes of [new Uint8Array(0), foreign]) {
      const report = await format.read([memoryFile(`x${format.extensions[0]}`, bytes)]);
      expectHelpful(report, 'foreign');
      expect(report.items).toEqual([]);
      expect(report.errors.length + report.skipped.length).toBeGreaterThan(0);
    }
  });
});

describe.each(writers)('$id writing', (format) => {
  it('refuses kinds it cannot hold', async () => {
    const kind = ARTIFACT_KINDS.find((known) => !format.writes.includes(known));
    if (!kind) return;
    const attempt = async () => format.write?.(sampleOf(kind));
    await expect(attempt()).rejects.toMatchObject({ tag: 'ArgumentError' });
  });

  it('makes the same bytes twice, leaves the payload alone, and names files by its extensions', async () => {
    for (const { kind, choices, files } of await samplesOf(format)) {
      const before = structuredClone(sampleOf(kind).payload);
      const sample = sampleOf(kind);
      const again = (await format.write?.(sample, { choices })) ?? [];
      expect(again).toEqual(files);
      expect(sample.payload).toEqual(before);
      for (const { name } of files) {
        const known = format.extensions.some((extension) => name.toLowerCase().endsWith(extension));
        expect(known || files.length > 1, name).toBe(true);
      }
    }
  });

  it('never makes a path of a name', async () => {
    const kind = format.writes[0];
    for (const name of ['../../etc/passwd', 'C:\\x\\y', '', '.hidden', 'a/b', 'x'.repeat(500)]) {
      const files = (await format.write?.({ ...sampleOf(kind), name })) ?? [];
      for (const file of files) {
        // a series may lie in a folder of its own, inside where it is put
        const parts = file.name.split('/');
        expect(parts.length).toBeLessThanOrEqual(2);
        for (const part of parts) expect(part).toMatch(/^[^./\\:][^/\\:]*$/);
        expect(file.name.length).toBeLessThan(200);
      }
    }
  });

  it('is recognised by itself alone', async () => {
    for (const { files } of await samplesOf(format)) {
      for (const [index, { name, bytes }] of files.entries()) {
        const head = bytes.subarray(0, 1024);
        const own = format.sniff(head, name);
        // the data of a detached header have no mark of their own
        if (index === 0) expect(own, name).toBe('yes');
        else expect(own, name).not.toBe('no');
        for (const other of formats) {
          if (other === format || index > 0) continue;
          expect(`${other.id}: ${other.sniff(head, name)}`, name).toBe(`${other.id}: no`);
        }
      }
    }
  });
});

describe.each(readers)('$id reading', (format) => {
  it('gives back what was written', async () => {
    for (const { kind, choices, files } of await readableSamplesOf(format)) {
      const copies = files.map(({ bytes }) => bytes.slice());
      const input = `${kind} ${JSON.stringify(choices)}`;
      const report = await format.read(filesOf(files), { choices });
      expect(report.errors, input).toEqual([]);
      expect(report.items, input).toHaveLength(1);
      const [item] = report.items;
      expect(new Set(item.files), input).toEqual(new Set(files.map(({ name }) => name)));
      expect(format.reads).toContain(item.artifacts[0].kind);
      expect(differenceOf(format, kind, item.artifacts[0].payload), input).toBeUndefined();
      expect(files.map(({ bytes }) => bytes)).toEqual(copies);
    }
  });

  it('reads the same twice', async () => {
    const [{ files }] = await readableSamplesOf(format);
    expect(await format.read(filesOf(files))).toEqual(await format.read(filesOf(files)));
  });

  it('stops when it is cancelled', async () => {
    const [{ files }] = await readableSamplesOf(format);
    const read = async () => format.read(filesOf(files), { signal: AbortSignal.abort() });
    await expect(read()).rejects.toSatisfy(
      (error) => (error as Error).name === 'AbortError' || isMsdtError(error, 'job.cancelled'),
    );
  });

  it('lets one bad file not sink the others', async () => {
    const [{ files }] = await readableSamplesOf(format);
    const bad = memoryFile(`bad${format.extensions[0]}`, new Uint8Array(600));
    const report = await format.read([bad, ...filesOf(files)]);
    expect(report.items).toHaveLength(1);
    expect([...report.errors, ...report.skipped].map(({ file }) => file)).toContain(bad.name);
  });

  it('meets cut files with a helpful error', async () => {
    for (const { kind, choices, files } of await readableSamplesOf(format)) {
      const [first, ...rest] = files;
      for (let part = 0; part < 24; part++) {
        const length = Math.floor((first.bytes.length * part) / 24);
        const cut = memoryFile(first.name, first.bytes.slice(0, length));
        const report = await format.read([cut, ...filesOf(rest)]);
        const input = `${kind} ${JSON.stringify(choices)} cut at ${length} of ${first.bytes.length}`;
        expectHelpful(report, input);
        expect(report.items.length + report.errors.length + report.skipped.length, input).toBeGreaterThan(0);
        if (SELF_DELIMITING.has(format.id) && rest.length === 0) expect(report.items, input).toEqual([]);
      }
    }
  });

  it(`meets ${FUZZ_INPUTS} damaged inputs without a crash`, async () => {
    const samples = await readableSamplesOf(format);
    const random = createRandom(20_26);
    let slowest = 0;
    for (let trial = 0; trial < FUZZ_INPUTS; trial++) {
      const { files } = samples[trial % samples.length];
      const target = random.int(0, files.length - 1);
      const damaged = filesOf(files).map((file, index) => (index === target ? damage(files[index], random) : file));
      const start = performance.now();
      const report = await format.read(damaged);
      slowest = Math.max(slowest, performance.now() - start);
      expectHelpful(report, `trial ${trial}`);
    }
    expect(slowest).toBeLessThan(SLOWEST_MS);
  });
});

/** Formats whose files say how long they are, so that any cut is noticed. */
const SELF_DELIMITING = new Set(['nifti', 'nrrd', 'mha', 'stl', 'ply', 'glb', 'vtp', 'json', 'jsonld', 'graphml']);

/** Bits flipped, a run overwritten, a number made huge, a piece cut out, or the end cut off. */
function damage({ name, bytes }: WrittenFile, random: Random): SourceFile {
  const out = bytes.slice();
  // headers are where a change does most
  const place = () => Math.floor(out.length * (random.uniform() < 0.5 ? random.uniform() ** 4 : random.uniform()));
  const kind = random.int(0, 4);
  if (kind === 0) for (let flips = random.int(1, 8); flips > 0; flips--) out[place()] ^= 1 << random.int(0, 7);
  else if (kind === 1) out.fill(random.int(0, 255), place(), place() + random.int(1, 64));
  else if (kind === 2) {
    const at = place();
    out.set([0xff, 0xff, 0xff, 0x7f].slice(0, Math.min(4, out.length - at)), at);
  } else if (kind === 3) {
    const at = place();
    const gap = random.int(1, 40);
    return memoryFile(name, Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + gap)));
  } else return memoryFile(name, out.slice(0, place()));
  return memoryFile(name, out);
}
