/** Label maps of real tools and data sets through label import. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  labelImport,
  type MeasuredSpacing,
  REGULAR_COLUMN,
  SCHEMES,
  shiftProbabilities,
} from '../../src/hme/label-import/index.ts';
import type { ArtifactValue, FeatureDraft, Labelmap } from '../../src/model/index.ts';
import type { ExecuteResult } from '../../src/runtime/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { outputsOf, readNiftiArtifact, runCapability } from '../support/read.ts';

const SET = 'ct-torso-totalsegmentator';
const REPORT = [SET, 'spine_report'];

/** The same map with the names taken out of the file. */
function unnamed(source: ArtifactValue, name = source.name): ArtifactValue {
  return { ...source, name, payload: { ...(source.payload as Labelmap), labels: [] } };
}

const run = (sources: ArtifactValue[], params = {}) => runCapability(labelImport, { source: sources }, params);
const mapOf = (result: ExecuteResult, role: string) => outputsOf(result, role)[0]?.payload as Labelmap | undefined;
const levelsOf = (result: ExecuteResult, role: string) => mapOf(result, role)?.labels.map(({ name }) => name);
const codesOf = (result: ExecuteResult) => outputsOf(result, 'vertebrae')[0]?.quality?.map(({ code }) => code) ?? [];
const assumed = (result: ExecuteResult) =>
  result.quality.filter(({ code }) => code === 'labels.scheme-assumed').map(({ where }) => where);
const volumes = (features: FeatureDraft[]) =>
  Object.fromEntries(
    features
      .filter(({ definition }) => definition === 'labels.volume')
      .map(({ level, value }) => [level, value as number]),
  );

function countsOf(map: Labelmap): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of map.data) {
    const name = value && map.labels.find((label) => label.value === value)?.name;
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

describeWithData(SET, () => {
  it('gives the volumes of L1-L5 of the spine report exactly', async () => {
    const report = JSON.parse(readFileSync(dataPath(...REPORT, 'example_ct_report', 'spine_report.json'), 'utf8'));
    const source = await readNiftiArtifact(...REPORT, 'test_result', 'totalseg_vertebrae_pp_refined.nii.gz');
    const result = await run([source]);
    const measured = volumes(result.features);
    for (const level of ['L1', 'L2', 'L3', 'L4', 'L5']) {
      expect(Number(measured[level].toFixed(2))).toBe(report.results[`vertebrae_${level}_volume_ml`]);
    }
    expect(levelsOf(result, 'bodies')).toEqual(['T12', 'L1', 'L2', 'L3', 'L4', 'L5']);
    expect(codesOf(result)).toEqual(['labels.bodies-only', 'labels.cut']);
  });

  it('finds the same without names, by the file name or by how the labels lie', async () => {
    const source = await readNiftiArtifact(...REPORT, 'test_result', 'totalseg_vertebrae_pp_refined.nii.gz');
    const named = await run([source]);
    for (const [name, scheme] of [
      [source.name, 'vertebrae-pp'],
      ['some_map', 'verse'],
    ]) {
      const result = await run([unnamed(source, name)]);
      expect(assumed(result)).toEqual([scheme]);
      expect(mapOf(result, 'bodies')?.data).toEqual(mapOf(named, 'bodies')?.data);
    }
  });

  it('joins vertebrae with bodies and discs that share one value each', async () => {
    const whole = await readNiftiArtifact(...REPORT, 'example_ct_report', 'totalseg.nii.gz');
    const parts = await readNiftiArtifact(...REPORT, 'example_ct_report', 'totalseg_vertebrae_body.nii.gz');
    for (const sources of [
      [whole, parts],
      [unnamed(parts), unnamed(whole)],
    ]) {
      const result = await run(sources);
      expect(levelsOf(result, 'vertebrae')).toEqual(['T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'S1']);
      expect(levelsOf(result, 'bodies')).toEqual(['T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'S1']);
      expect(levelsOf(result, 'discs')).toEqual(['T12-L1', 'L1-L2', 'L2-L3', 'L3-L4', 'L4-L5', 'L5-S1']);
      // every voxel of the body and disc classes finds its level: 11005 and 2685 in the file
      expect(mapOf(result, 'bodies')?.data.filter((v: number) => v > 0).length).toBe(11005);
      expect(mapOf(result, 'discs')?.data.filter((v: number) => v > 0).length).toBe(2685);
    }
  });

  it('reads the 61 labels by name and by number alike, and keeps every voxel', async () => {
    const source = await readNiftiArtifact(SET, 'example_seg_fast_force_split.nii.gz');
    const named = await run([source]);
    const numbered = await run([unnamed(source)]);
    expect(assumed(numbered)).toEqual(['totalsegmentator-v2']);
    for (const role of ['vertebrae', 'anatomy']) {
      expect(mapOf(numbered, role)?.data).toEqual(mapOf(named, role)?.data);
      expect(levelsOf(numbered, role)).toEqual(levelsOf(named, role));
    }
    const labelled = (source.payload as Labelmap).data.filter((v: number) => v > 0).length;
    const kept = ['vertebrae', 'anatomy'].map((role) => mapOf(named, role)!.data.filter((v: number) => v > 0).length);
    expect(kept[0] + kept[1]).toBe(labelled);
    expect(mapOf(named, 'vertebrae')?.labels.find(({ name }) => name === 'sacrum')?.structure).toBe('sacrum');
    expect(codesOf(named)).toEqual(['labels.cut']);
  });

  it('says loudly when the numbers are read with the wrong table', async () => {
    const source = unnamed(await readNiftiArtifact(SET, 'example_seg_fast_force_split.nii.gz'));
    const codes = codesOf(await run([source], { scheme: 'totalsegmentator-v1' }));
    expect(codes).toEqual(expect.arrayContaining(['labels.scheme-doubtful', 'labels.order', 'labels.unknown-values']));
  });

  it('has the tables that the files themselves carry', async () => {
    const carried: [string, string[]][] = [
      ['totalsegmentator-v2', [SET, 'example_seg.nii.gz']],
      ['totalsegmentator-mr', [SET, 'example_seg_mr.nii.gz']],
      ['vertebrae-body', [...REPORT, 'example_ct_report', 'totalseg_vertebrae_body.nii.gz']],
      ['vertebrae-pp', [...REPORT, 'test_result', 'totalseg_vertebrae_pp_refined.nii.gz']],
    ];
    for (const [id, path] of carried) {
      const { labels } = (await readNiftiArtifact(...path)).payload as Labelmap;
      const table = SCHEMES.find((scheme) => scheme.id === id)!.meanings;
      expect(labels.length).toBeGreaterThan(0);
      for (const { value, name } of labels) expect([id, value, table.get(value)?.name]).toEqual([id, value, name]);
    }
  });

  it('moves all levels on request, voxels unchanged', async () => {
    const source = await readNiftiArtifact(SET, 'example_seg_fast_force_split.nii.gz');
    const plain = countsOf(mapOf(await run([source]), 'vertebrae')!);
    const moved = countsOf(mapOf(await run([source], { shift: -1 }), 'vertebrae')!);
    expect(moved.get('L4')).toBe(plain.get('L5'));
    expect(moved.get('L5')).toBe(plain.get('S1'));
    expect(moved.get('sacrum')).toBe(plain.get('sacrum'));
  });
});

describeWithData('ct-mr-vertebra-tptbox', () => {
  const at = (modality: string, name: string) => readNiftiArtifact('ct-mr-vertebra-tptbox', `sample_${modality}`, name);

  it('reads instances in VerSe numbers and cuts bodies out by the sub-regions', async () => {
    const result = await run([
      await at('ct', 'sub-ct_seg-vert_label-22_msk.nii.gz'),
      await at('ct', 'sub-ct_seg-subreg_label-22_msk.nii.gz'),
    ]);
    expect(levelsOf(result, 'vertebrae')).toEqual(['L2', 'L3', 'L4']);
    expect(Object.fromEntries(countsOf(mapOf(result, 'vertebrae')!))).toEqual({ L2: 6567, L3: 17698, L4: 12083 });
    // sub-regions 49 and 50, body border and body: 9714 and 12635 voxels in the file
    expect(mapOf(result, 'bodies')?.data.filter((v: number) => v > 0).length).toBe(9714 + 12635);
    expect(mapOf(result, 'anatomy')?.labels.map(({ name }) => name)).toContain('spinosus_process');
  });

  it('reads discs as 100 + n, and doubts instance numbers that are no levels', async () => {
    const result = await run([
      await at('mri', 'sub-mri_seg-vert_label-6_msk.nii.gz'),
      await at('mri', 'sub-mri_seg-subreg_label-6_msk.nii.gz'),
    ]);
    expect(levelsOf(result, 'discs')).toEqual(['C5-C6', 'C6-C7']);
    expect(Object.fromEntries(countsOf(mapOf(result, 'discs')!))).toEqual({ 'C5-C6': 3829, 'C6-C7': 4768 });
    // 28 and 34 mm between centres: not a neck
    expect(codesOf(result)).toContain('labels.level-implausible');
  });
});

describeWithData('vertebra-keypoints-vid', () => {
  it('seldom doubts real columns, and mostly doubts the same columns named three levels too low', () => {
    const archive = gunzipSync(readFileSync(dataPath('vertebra-keypoints-vid', ARCHIVE)));
    let [columns, doubted, caught, exact, near] = [0, 0, 0, 0, 0];
    for (const text of filesOfTar(archive, /Training\/.*\.json$/)) {
      const spacings = spacingsOf(JSON.parse(text));
      if (spacings.length < 8) continue;
      columns++;
      const chances = shiftProbabilities(spacings, [-3, -2, -1, 0, 1, 2, 3]);
      const best = chances.indexOf(Math.max(...chances)) - 3;
      if (best === 0) exact++;
      if (Math.abs(best) <= 1) near++;
      if (chances[3] < 0.02) doubted++;
      const wrong = spacings
        .map((spacing) => ({ ...spacing, upper: spacing.upper - 3 }))
        .filter(({ upper }) => upper >= 0);
      if (wrong.length === 0 || shiftProbabilities(wrong, [-3, -2, -1, 0, 1, 2, 3])[3] < 0.02) caught++;
    }
    expect(columns).toBeGreaterThan(900);
    expect(exact / columns).toBeGreaterThan(0.74);
    expect(near / columns).toBeGreaterThan(0.97);
    expect(doubted / columns).toBeLessThan(0.02);
    expect(caught / columns).toBeGreaterThan(0.8);
  });
});

const ARCHIVE = 'KeypointGroundTruthNoSacrum-Training.tar.gz';

interface Keypoint {
  coordinates: { world_space: [number, number, number] };
  type: { spine_level: string; keypoint_type: string };
}

/** Distances between the bodies of neighbouring levels, as long as no level is missing. */
function spacingsOf(points: Keypoint[]): MeasuredSpacing[] {
  const bodies = new Map<string, [number, number, number]>();
  for (const { coordinates, type } of points) {
    if (type.keypoint_type === 'body') bodies.set(type.spine_level, coordinates.world_space);
  }
  const spacings: MeasuredSpacing[] = [];
  for (let upper = 0; upper + 1 < REGULAR_COLUMN.length; upper++) {
    const above = bodies.get(REGULAR_COLUMN[upper]);
    const below = bodies.get(REGULAR_COLUMN[upper + 1]);
    if (!above || !below) continue;
    spacings.push({ upper, steps: 1, distanceMm: Math.hypot(...above.map((value, axis) => value - below[axis])) });
  }
  return spacings;
}

/** Texts of the files of a tar archive whose names match. */
function filesOfTar(archive: Buffer, name: RegExp): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 512 <= archive.length; ) {
    const entry = archive.toString('latin1', at, at + 100).replace(/\0.*$/, '');
    const bytes = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8) || 0;
    if (name.test(entry)) texts.push(archive.toString('utf8', at + 512, at + 512 + bytes));
    at += 512 + 512 * Math.ceil(bytes / 512);
  }
  return texts;
}

describe('label tables', () => {
  it('are all reachable by a choice of the user', () => {
    expect(new Set(SCHEMES.map(({ choice }) => choice)).size).toBe(10);
  });
});
