import { describe, expect, it } from 'vitest';
import type { ArtifactValue, CapabilityResult, Ctx, Labelmap, VertebraLevel } from '../../model/index.ts';
import { levelValue } from './entries.ts';
import { labelImport } from './index.ts';
import { REGULAR_COLUMN } from './priors.ts';
import { type SimulatedColumn, simulateColumn } from './simulate.ts';

const ctx: Ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };
const lumbar: VertebraLevel[] = ['T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5'];
const v2 = (level: VertebraLevel) => 27 + REGULAR_COLUMN.indexOf('L5') - REGULAR_COLUMN.indexOf(level);

const source = (payload: Labelmap, name = 'labels.nii.gz'): ArtifactValue<'labelmap.source'> => ({
  kind: 'labelmap.source',
  payload,
  name,
});

async function run(
  sources: ArtifactValue<'labelmap.source'>[],
  params: { scheme?: string; shift?: number } = {},
): Promise<CapabilityResult> {
  return labelImport.run(ctx, { source: sources }, { scheme: 'auto', shift: 0, ...params } as never);
}

const draft = (result: CapabilityResult, role: string) => {
  const output = result.outputs[role] as {
    payload: Labelmap;
    quality?: { code: string; where?: string; severity: string }[];
  };
  return output as typeof output | undefined;
};
const levels = (result: CapabilityResult, role = 'vertebrae') =>
  draft(result, role)?.payload.labels.map(({ name }) => name);
const codes = (result: CapabilityResult, role = 'vertebrae') =>
  draft(result, role)?.quality?.map(({ code }) => code) ?? [];
function count(map: Labelmap, value: number): number {
  let voxels = 0;
  for (const label of map.data) if (label === value) voxels++;
  return voxels;
}

describe('label import', () => {
  it('reads names and keeps every voxel', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}` });
    const result = await run([source(map)]);
    expect(levels(result)).toEqual(['T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5']);
    const out = draft(result, 'vertebrae')!.payload;
    for (const level of lumbar) expect(count(out, levelValue(level))).toBe(count(map, v2(level)));
    expect(codes(result)).toEqual([]);
    const volume = result.features.find((feature) => feature.definition === 'labels.volume' && feature.level === 'L3');
    expect(volume?.value).toBeCloseTo((count(map, v2('L3')) * 27) / 1000, 9);
  });

  it('tells TotalSegmentator v1 from v2 and VerSe where the same numbers are vertebrae in all', async () => {
    const numberings: [string, SimulatedColumn['valueOf'], VertebraLevel[]][] = [
      ['totalsegmentator-v2', v2, lumbar],
      ['totalsegmentator-v1', (level) => v2(level) - 9, lumbar],
      ['totalsegmentator-v1', (level) => v2(level) - 9, ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']],
      ['verse', (level) => levelValue(level), lumbar],
      ['vertebrae-mr', (level) => v2(level) - 25, ['T8', 'T9', 'T10', 'T11', 'T12', 'L1', 'L2']],
    ];
    for (const [scheme, numberOf, column] of numberings) {
      const result = await run([source(simulateColumn({ levels: column, valueOf: numberOf }))]);
      expect(result.quality?.find(({ code }) => code === 'labels.scheme-assumed')?.where).toBe(scheme);
      expect(levels(result)).toEqual([...column]);
    }
  });

  it('says when the chosen numbering contradicts the picture', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: (level) => levelValue(level) });
    const result = await run([source(map)], { scheme: 'totalsegmentator-v1' });
    expect(codes(result)).toContain('labels.order');
    expect(codes(result)).toContain('labels.scheme-doubtful');
  });

  it('moves all levels, and the numbers derived from them', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}` });
    const result = await run([source(map)], { shift: -1 });
    expect(levels(result)).toEqual(['T10', 'T11', 'T12', 'L1', 'L2', 'L3', 'L4']);
    expect(count(draft(result, 'vertebrae')!.payload, levelValue('L4'))).toBe(count(map, v2('L5')));
    expect(codes(result)).toContain('labels.shifted');
  });

  it('joins one file a class, whatever the value inside', async () => {
    const files = lumbar.map((level, index) => {
      const map = simulateColumn({ levels: lumbar, valueOf: (other) => (other === level ? 1 + (index % 2) * 254 : 0) });
      return source(map, `seg/vertebrae_${level}.nii.gz`);
    });
    expect(levels(await run(files))).toEqual(lumbar);
  });

  it('splits bodies and discs that share one label by the vertebrae around them', async () => {
    const vertebrae = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}` });
    const both = simulateColumn({ levels: lumbar, valueOf: () => 1, part: 'body' });
    for (let at = 0; at < both.data.length; at++) {
      const column = at % 36 >= 12 && at % 36 < 24 && Math.floor(at / 36) % 40 >= 6 && Math.floor(at / 36) % 40 < 16;
      const k = Math.floor(at / (36 * 40));
      if (column && both.data[at] === 0 && k > 8 && k < both.size[2] - 8) both.data[at] = 2;
    }
    const body: Labelmap = {
      ...both,
      labels: [
        { value: 1, name: 'vertebrae_body' },
        { value: 2, name: 'intervertebral_discs' },
      ],
    };
    const result = await run([source(vertebrae), source(body, 'body.nii.gz')]);
    expect(levels(result, 'bodies')).toEqual(lumbar);
    expect(levels(result, 'discs')).toEqual(
      expect.arrayContaining(['T11-T12', 'T12-L1', 'L1-L2', 'L2-L3', 'L3-L4', 'L4-L5']),
    );
    const bodies = draft(result, 'bodies')!.payload;
    expect(bodies.data.filter((v: number) => v > 0).length).toBe(count(both, 1));
  });

  it('knows bodies from whole vertebrae by their shape, and says that arches are missing', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}`, part: 'body' });
    const result = await run([source(map)]);
    expect(levels(result, 'bodies')).toEqual(lumbar);
    expect(draft(result, 'vertebrae')?.payload.labels.every(({ structure }) => structure === 'vertebral-body')).toBe(
      true,
    );
    expect(codes(result)).toContain('labels.bodies-only');
  });

  it('flags a gap, a swap, a double level, pieces and a jump of volume', async () => {
    const named = (names: Partial<Record<VertebraLevel, string>>, column = lumbar) =>
      simulateColumn({ levels: column, valueOf: v2, nameOf: (level) => names[level] ?? `vertebrae_${level}` });
    const gap = named({}, ['T11', 'T12', 'L1', 'L3', 'L4', 'L5']);
    expect(codes(await run([source(gap)]))).toContain('labels.missing-level');
    const swap = named({ L2: 'vertebrae_L3', L3: 'vertebrae_L2' });
    expect(codes(await run([source(swap)]))).toContain('labels.order');
    const double = named({ L2: 'vertebrae_L3' });
    expect(codes(await run([source(double)]))).toContain('labels.duplicate-level');
    const torn = named({});
    for (let at = 0; at < torn.data.length; at++) {
      const j = Math.floor(at / 36) % 40;
      if (torn.data[at] === v2('L2') && j > 10 && j < 13) torn.data[at] = 0;
    }
    expect(codes(await run([source(torn)]))).toContain('labels.fragments');
    const thin = named({});
    for (let at = 0; at < thin.data.length; at++) if (thin.data[at] === v2('L2') && at % 36 < 21) thin.data[at] = 0;
    expect(codes(await run([source(thin)]))).toContain('labels.volume-jump');
  });

  it('doubts L4 on the sacrum, and spacings that belong elsewhere', async () => {
    const named = (level: VertebraLevel) => `vertebrae_${level}`;
    const short = simulateColumn({
      levels: ['T11', 'T12', 'L1', 'L2', 'L3', 'L4'],
      valueOf: v2,
      nameOf: named,
      sacrum: 25,
    });
    short.labels.push({ value: 25, name: 'sacrum' });
    expect(codes(await run([source(short)]))).toEqual(
      expect.arrayContaining(['labels.sacrum-neighbour', 'labels.transitional']),
    );
    const counted = simulateColumn({ levels: lumbar, valueOf: (_, index) => index + 1 });
    expect(codes(await run([source(counted, 'seg-vert.nii.gz')]))).toContain('labels.level-implausible');
  });

  it('says when two files name the same vertebrae differently', async () => {
    const named = (level: VertebraLevel) => `vertebrae_${level}`;
    const whole = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: named });
    const bodies = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: named, part: 'body' });
    expect(codes(await run([source(whole), source(bodies, 'pp.nii')]))).toEqual([]);
    const moved = bodies.labels.map(({ value, name }) => ({ value: value + 1, name }));
    const off = { ...bodies, labels: [...moved, { value: v2('L5'), name: 'vertebrae_S1' }] };
    expect(codes(await run([source(whole), source(off, 'pp.nii')]))).toContain('labels.sources-disagree');
  });

  it('keeps labels that a table of names leaves out', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}` });
    const result = await run([source({ ...map, labels: map.labels.filter(({ name }) => name !== 'vertebrae_L2') })]);
    expect(levels(result, 'anatomy')).toEqual([`label ${v2('L2')}`]);
    expect(codes(result)).toEqual(expect.arrayContaining(['labels.unknown-values', 'labels.missing-level']));
  });

  it('takes over labels from another grid, and refuses ones that lie elsewhere', async () => {
    const map = simulateColumn({ levels: lumbar, valueOf: v2, nameOf: (level) => `vertebrae_${level}` });
    const disc: Labelmap = {
      ...map,
      data: map.data.map((v: number) => (v ? 1 : 0)) as Uint8Array,
      labels: [{ value: 1, name: 'disc_L4_L5' }],
    };
    const result = await run([source(map), source({ ...disc, origin: [-57, -60, 0] }, 'disc.nii')]);
    expect(codes(result)).toContain('labels.resampled');
    await expect(run([source(map), source({ ...disc, origin: [5000, 0, 0] }, 'disc.nii')])).rejects.toMatchObject({
      code: 'geometry.no-overlap',
    });
  });

  it('refuses an empty map and numbers that no table knows', async () => {
    const empty = simulateColumn({ levels: lumbar, valueOf: () => 0 });
    await expect(run([source(empty)])).rejects.toMatchObject({ code: 'input.empty' });
    const odd = simulateColumn({ levels: lumbar, valueOf: (_, index) => 240 + index });
    await expect(run([source(odd)])).rejects.toMatchObject({ code: 'labels.unknown' });
  });
});
