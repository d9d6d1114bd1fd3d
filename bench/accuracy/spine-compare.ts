/** Runs the spine measurement on a virtual subject and lays every number beside the truth. */

import type { Truth, VirtualSubject } from '../../fixtures/synth/index.ts';
import { spineGeometry } from '../../src/hme/spine-geometry/index.ts';
import type { CapabilityResult, Ctx, FeatureDraft } from '../../src/model/index.ts';

/** One number beside its truth. */
export interface Compared {
  /** kind of measure: `angle`, `height`, `volume` … */
  group: string;
  /** feature id without level */
  id: string;
  level: string;
  value: number;
  truth: number;
  error: number;
  sd: number;
  inside: boolean;
}

const ctx: Ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };

/** Runs the capability on a subject's label maps. */
export async function runSpine(
  subject: VirtualSubject,
  use: { bodies: boolean; anatomy?: boolean; ct?: boolean } = { bodies: true },
): Promise<CapabilityResult> {
  return spineGeometry.run(
    ctx,
    {
      vertebrae: { kind: 'labelmap.vertebrae', payload: subject.vertebrae, posture: subject.posture },
      bodies: use.bodies ? { kind: 'labelmap.bodies', payload: subject.bodies } : undefined,
      volume: use.ct ? { kind: 'volume.ct', payload: subject.ct } : undefined,
      anatomy: use.anatomy ? { kind: 'labelmap.anatomy', payload: subject.anatomy } : undefined,
    },
    { smallestCurveDeg: 5 },
  );
}

type Expected = [group: string, id: string, level: string, truth: number];

const STATIONS = ['anterior', 'middle', 'posterior', 'left', 'right'] as const;
const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

/** What the truth says, in the names of the features. */
function expectedNumbers(truth: Truth): Expected[] {
  const out: Expected[] = [];
  for (const v of truth.vertebrae) {
    if (v.level === 'S1') continue;
    for (const s of STATIONS) out.push(['height', `vertebra.height${capital(s)}`, v.level, v.surfaceHeightsMm[s]]);
    out.push(['wedge', 'vertebra.wedgeSagittal', v.level, v.wedge.sagittalDeg]);
    out.push(['wedge', 'vertebra.wedgeCoronal', v.level, v.wedge.coronalDeg]);
    out.push(['rotation', 'vertebra.axialRotation', v.level, v.axialRotationDeg]);
    out.push(['body volume', 'vertebra.bodyVolume', v.level, v.bodyVolumeMm3 / 1000]);
    out.push(['width and depth', 'vertebra.bodyDepth', v.level, v.depthMm]);
    out.push(['width and depth', 'vertebra.bodyWidth', v.level, v.widthMm]);
  }
  for (const s of truth.segments) {
    if (truth.vertebrae.every((v) => v.endplates.superior.hollowMm.greatest === 0)) {
      for (const at of STATIONS) out.push(['disc height', `disc.height${capital(at)}`, s.segment, s.heightsMm[at]]);
    }
    out.push(['disc height', 'disc.heightMean', s.segment, s.meanSurfaceHeightMm]);
    out.push(['wedge', 'disc.wedgeSagittal', s.segment, s.wedge.sagittalDeg]);
    out.push(['wedge', 'disc.wedgeCoronal', s.segment, s.wedge.coronalDeg]);
    out.push(['segmental angle', 'spine.segmentAngleSagittal', s.segment, s.angle.sagittalDeg]);
    out.push(['segmental angle', 'spine.segmentAngleCoronal', s.segment, s.angle.coronalDeg]);
    out.push(['disc volume', 'disc.volume', s.segment, volumeOf(truth, s) / 1000]);
    out.push(['slip', 'segment.listhesis', s.segment, s.posteriorCornerSlipMm]);
  }
  return [...out, ...columnNumbers(truth)];
}

function volumeOf(_truth: Truth, s: Truth['segments'][number]): number {
  return (s.spaceVolumeMm3 * s.meanSurfaceHeightMm) / s.meanHeightMm;
}

function columnNumbers(truth: Truth): Expected[] {
  const { column, pelvis } = truth;
  const out: Expected[] = [];
  const { kyphosisDeg: tk, lordosisDeg: ll } = column;
  if (tk.t4t12 !== undefined) out.push(['regional angle', 'spine.thoracicKyphosis.t4t12', 'T4-T12', tk.t4t12]);
  if (tk.t1t12 !== undefined) out.push(['regional angle', 'spine.thoracicKyphosis.t1t12', 'T1-T12', tk.t1t12]);
  if (tk.t5t12 !== undefined) out.push(['regional angle', 'spine.thoracicKyphosis.t5t12', 'T5-T12', tk.t5t12]);
  if (ll) out.push(['regional angle', 'spine.lumbarLordosis', 'L1-S1', ll.l1s1]);
  if (ll) out.push(['regional angle', 'spine.lumbarLordosis.l1l5', 'L1-L5', ll.l1l5]);
  // the truth lets a curve end at the floor of S1, which is no endplate that a label could show
  if (column.majorCobb.lower !== 'S1') out.push(['largest Cobb', 'spine.cobbAngle', '', column.majorCobb.cobbDeg]);
  if (pelvis) {
    out.push(['pelvis', 'pelvis.sacralSlope', 'S1', pelvis.sacralSlopeDeg]);
    out.push(['pelvis', 'pelvis.tilt', '', pelvis.pelvicTiltDeg]);
    out.push(['pelvis', 'pelvis.incidence', '', pelvis.pelvicIncidenceDeg]);
  }
  return out;
}

/** Every expected number that was measured. `missed` are those that were not. */
export function compare(truth: Truth, features: readonly FeatureDraft[]): { compared: Compared[]; missed: string[] } {
  const compared: Compared[] = [];
  const missed: string[] = [];
  for (const [group, id, level, expected] of expectedNumbers(truth)) {
    const feature = features.find((f) => f.definition === id && (level === '' || f.level === level));
    if (!feature || typeof feature.value !== 'number' || feature.uncertainty.kind !== 'interval') {
      missed.push(`${id}.${level}`);
      continue;
    }
    const { low, high, sd } = feature.uncertainty;
    const error = feature.value - expected;
    const inside = expected >= low && expected <= high;
    compared.push({
      group,
      id,
      level: feature.level ?? level,
      value: feature.value,
      truth: expected,
      error,
      sd,
      inside,
    });
  }
  return { compared, missed };
}
