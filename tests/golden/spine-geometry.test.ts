/**
 * Spine geometry on real labels: TotalSegmentator's own spine report, a lumbar CT in PIR orientation; and, as a gate for what
 * bench/accuracy/spine.ts measures at length, a few whole virtual columns.
 */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compare, runSpine } from '../../bench/accuracy/spine-compare.ts';
import { simulateSubject } from '../../fixtures/synth/index.ts';
import { spineGeometry } from '../../src/hme/spine-geometry/index.ts';
import type {
  AnyCapability,
  ArtifactValue,
  FeatureDraft,
  LabelEntry,
  Labelmap,
  SpineLandmarks,
  VertebraLevel,
} from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { outputsOf, readNiftiArtifact, runCapability } from '../support/read.ts';

const TORSO = 'ct-torso-totalsegmentator';
const REPORT = [TORSO, 'spine_report', 'example_ct_report'] as const;

function named(levels: readonly VertebraLevel[], first: number, structure: LabelEntry['structure']): LabelEntry[] {
  return levels.map((level, i) => ({ value: first + i, name: `vertebrae_${level}`, level, structure }));
}

async function labels<Kind extends 'labelmap.vertebrae' | 'labelmap.bodies' | 'labelmap.anatomy'>(
  kind: Kind,
  entries: LabelEntry[],
  ...path: string[]
): Promise<ArtifactValue> {
  const read = await readNiftiArtifact(...path);
  const map = read.payload as Labelmap;
  const data = map.data instanceof Uint8Array ? map.data : Uint8Array.from(map.data);
  return { kind, payload: { ...map, data, labels: entries }, posture: 'supine' } as ArtifactValue;
}

const spine = spineGeometry as AnyCapability;

function pick(features: readonly FeatureDraft[], id: string, level?: string): number {
  const found = features.find((f) => f.definition === id && (level === undefined || f.level === level));
  if (typeof found?.value !== 'number') throw new Error(`${id} ${level}: ${found?.missing ?? 'absent'}`);
  return found.value;
}

const LUMBAR = ['L1', 'L2', 'L3', 'L4', 'L5'] as const;

describeWithData(TORSO, () => {
  const report = () =>
    JSON.parse(readFileSync(dataPath(...REPORT, 'spine_report.json'), 'utf8')).results as Record<string, number>;
  const refined = (kind: 'labelmap.vertebrae' | 'labelmap.bodies') =>
    labels(
      kind,
      named(['T12', 'L1', 'L2', 'L3', 'L4', 'L5'], 19, kind === 'labelmap.bodies' ? 'vertebral-body' : 'vertebra'),
      TORSO,
      'spine_report',
      'test_result',
      'totalseg_vertebrae_pp_refined.nii.gz',
    );
  const whole = () =>
    labels(
      'labelmap.vertebrae',
      named(['S1', 'L5', 'L4', 'L3', 'L2', 'L1', 'T12', 'T11'], 26, 'vertebra'),
      ...REPORT,
      'totalseg.nii.gz',
    );

  it('gives the volumes of the spine report exactly', async () => {
    const { features } = await runCapability(spine, { vertebrae: [await refined('labelmap.vertebrae')] });
    for (const level of LUMBAR) {
      const ml = report()[`vertebrae_${level}_volume_ml`];
      expect(Number(pick(features, 'vertebra.volume', level).toFixed(2)), level).toBe(ml);
    }
  });

  it('gives the heights of the spine report when it measures as that does', async () => {
    const { features } = await runCapability(spine, { vertebrae: [await refined('labelmap.vertebrae')] });
    for (const level of LUMBAR) {
      for (const where of ['Anterior', 'Middle', 'Posterior']) {
        const theirs = report()[`vertebrae_${level}_height_${where.toLowerCase()}_mm`];
        // the figure allows 1.5 mm, half a voxel's step; the method reproduced gives the very number
        expect(pick(features, `vertebra.sliceHeight${where}`, level)).toBeCloseTo(theirs, 6);
      }
    }
  });

  it('measures surfaces that lie at or outside those half-voxel steps', async () => {
    const { features } = await runCapability(spine, { vertebrae: [await refined('labelmap.vertebrae')] });
    const differences = LUMBAR.flatMap((level) =>
      ['Anterior', 'Middle', 'Posterior'].map(
        (where) =>
          pick(features, `vertebra.height${where}`, level) -
          report()[`vertebrae_${level}_height_${where.toLowerCase()}_mm`],
      ),
    );
    const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
    // steps lose 0 to 1.5 mm at each end of a 3 mm label, 1.5 mm together on average; the report's slice is the worst one
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(2);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(4);
  });

  it('measures lordosis and pelvis from whole labels, a body map and femurs', async () => {
    const anatomy = await labels(
      'labelmap.anatomy',
      [
        { value: 75, name: 'femur_left', structure: 'femur', side: 'left' },
        { value: 76, name: 'femur_right', structure: 'femur', side: 'right' },
        { value: 77, name: 'hip_left', structure: 'hip', side: 'left' },
        { value: 78, name: 'hip_right', structure: 'hip', side: 'right' },
        { value: 79, name: 'spinal_cord', structure: 'spinal-cord' },
      ],
      TORSO,
      'example_seg_fast_force_split.nii.gz',
    );
    const bodies = await labels(
      'labelmap.bodies',
      [{ value: 1, name: 'vertebrae_body', structure: 'vertebral-body' }],
      ...REPORT,
      'totalseg_vertebrae_body.nii.gz',
    );
    const inputs = { vertebrae: [await whole()], bodies: [bodies], anatomy: [anatomy] };
    const result = await runCapability(spine, inputs);
    const { features } = result;
    // read off the sagittal slice by hand: 50-58° of lordosis, a sacrum at 45-50°
    expect(pick(features, 'spine.lumbarLordosis')).toBeGreaterThan(48);
    expect(pick(features, 'spine.lumbarLordosis')).toBeLessThan(60);
    expect(pick(features, 'pelvis.sacralSlope')).toBeGreaterThan(42);
    expect(pick(features, 'pelvis.incidence')).toBeCloseTo(
      pick(features, 'pelvis.tilt') + pick(features, 'pelvis.sacralSlope'),
      9,
    );
    const landmarks = outputsOf(result, 'landmarks')[0].payload as SpineLandmarks;
    const at = (id: string) => landmarks.points.find((p) => p.id === id)?.xyz ?? [Number.NaN, 0, 0];
    const span = at('femoralHead.left')[0] - at('femoralHead.right')[0];
    expect(span).toBeGreaterThan(150);
    expect(span).toBeLessThan(210);
    for (const level of LUMBAR) {
      expect(at(`${level}.pedicle.left`)[0]).toBeGreaterThan(at(`${level}.body`)[0] + 8);
      expect(at(`${level}.pedicle.right`)[0]).toBeLessThan(at(`${level}.body`)[0] - 8);
      expect(at(`${level}.spinousProcess`)[1]).toBeGreaterThan(at(`${level}.canal`)[1] + 10);
    }
    for (const level of ['T11', 'T12']) {
      const cut = features.find((f) => f.definition === 'vertebra.heightMiddle' && f.level === level);
      expect(cut?.value).toBeNull();
      expect(cut?.missing).toMatch(/edge of the volume/);
    }
  });

  it('agrees with itself whichever way the body is found', async () => {
    const bodies = await refined('labelmap.bodies');
    const mapped = await runCapability(spine, { vertebrae: [await whole()], bodies: [bodies] });
    const split = await runCapability(spine, { vertebrae: [await whole()] });
    const differences = LUMBAR.map(
      (level) =>
        pick(mapped.features, 'vertebra.heightMiddle', level) - pick(split.features, 'vertebra.heightMiddle', level),
    );
    // two networks drew these labels on 3 mm voxels; counted along their own columns they differ by up to 1.4 mm already
    for (const d of differences) expect(Math.abs(d)).toBeLessThan(2.5);
  });
});

describeWithData('ct-mr-vertebra-tptbox', () => {
  const CT = ['ct-mr-vertebra-tptbox', 'sample_ct'] as const;
  const vertebrae = () =>
    labels(
      'labelmap.vertebrae',
      named(['L2', 'L3', 'L4'], 21, 'vertebra'),
      ...CT,
      'sub-ct_seg-vert_label-22_msk.nii.gz',
    );

  it('measures L3 between two cut neighbours in a PIR grid, with and without the sub-regions', async () => {
    const bodies = await labels(
      'labelmap.bodies',
      [49, 50].map((value) => ({ value, name: `corpus_${value}`, structure: 'vertebral-body' as const })),
      ...CT,
      'sub-ct_seg-subreg_label-22_msk.nii.gz',
    );
    const split = await runCapability(spine, { vertebrae: [await vertebrae()] });
    const mapped = await runCapability(spine, { vertebrae: [await vertebrae()], bodies: [bodies] });
    for (const { features } of [split, mapped]) {
      // the label's own columns, averaged over 6 × 3 mm at the stations, are 30.1, 23.3 and 27.0 mm tall
      expect(Math.abs(pick(features, 'vertebra.heightAnterior', 'L3') - 30.1)).toBeLessThan(0.75);
      expect(Math.abs(pick(features, 'vertebra.heightMiddle', 'L3') - 23.3)).toBeLessThan(0.75);
      expect(Math.abs(pick(features, 'vertebra.heightPosterior', 'L3') - 27)).toBeLessThan(0.75);
      expect(features.find((f) => f.definition === 'vertebra.heightMiddle' && f.level === 'L2')?.value).toBeNull();
      expect(Math.abs(pick(features, 'vertebra.axialRotation', 'L3'))).toBeLessThan(12);
    }
    // 17698 voxels of (1.5 mm)³
    expect(pick(mapped.features, 'vertebra.volume', 'L3')).toBeCloseTo((17698 * 3.375) / 1000, 9);
    const volumes = [split, mapped].map(({ features }) => pick(features, 'vertebra.bodyVolume', 'L3'));
    expect(Math.abs(volumes[0] / volumes[1] - 1)).toBeLessThan(0.06);
  });
});

describe('virtual columns, T1 to S1 at 1.5 mm (SYNTHETIC)', () => {
  let compared: ReturnType<typeof compare>['compared'];
  beforeAll(async () => {
    compared = [];
    for (const seed of [1, 2]) {
      const subject = simulateSubject({ seed, spacingMm: 1.5, pelvis: true });
      const found = compare(subject.truth, (await runSpine(subject, { bodies: true, anatomy: true })).features);
      expect(found.missed).toEqual([]);
      compared.push(...found.compared);
    }
  });

  it.each([
    ['height', 0.12],
    ['disc height', 0.12],
    ['wedge', 0.45],
    ['segmental angle', 0.45],
    ['regional angle', 0.7],
    ['largest Cobb', 0.3],
    ['rotation', 0.6],
    ['pelvis', 0.6],
  ])('%s: root mean square error below %s', (group, limit) => {
    const errors = compared.filter((c) => c.group === group).map((c) => c.error);
    expect(errors.length).toBeGreaterThan(1);
    expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length)).toBeLessThan(limit);
  });

  it('covers the truth about as often as it says', () => {
    const share = compared.filter((c) => c.inside).length / compared.length;
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.985);
  });
});
