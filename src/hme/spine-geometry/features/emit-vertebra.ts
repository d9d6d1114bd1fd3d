/** Tells what was measured of vertebrae. */

import { DEG_PER_RAD, dot3 } from '../../../kernel/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import type { Measured } from '../column/doubt.ts';
import { measurePlates, upwardOf } from '../column/doubt.ts';
import type { VertebraMeasures } from '../measure.ts';
import type { HeightStation } from '../vertebra/heights.ts';
import type { VertebraShape } from '../vertebra/model.ts';
import { plateQuality } from '../vertebra/quality.ts';
import type { FeatureWriter } from './draft.ts';

const STATION_NAMES: Record<HeightStation, string> = {
  anterior: 'Anterior',
  middle: 'Middle',
  posterior: 'Posterior',
  left: 'Left',
  right: 'Right',
};

/** How the body was found, for the method line. */
function bodyMethod(shape: VertebraShape): string {
  return {
    map: 'body from the map of bodies',
    label: 'the label is a body alone',
    split: 'body split from the arch at the posterior wall',
    columns: 'body guessed from full-height columns',
  }[shape.bodySource];
}

const PLATES = 'Endplates by maximum likelihood of the label’s voxels';

/** Features of every vertebra. */
export function tellVertebrae(writer: FeatureWriter, vertebrae: readonly VertebraMeasures[]): void {
  vertebrae.forEach((v, i) => {
    const { level } = v.shape;
    if (level === 'C1') return;
    tellHeights(writer, v);
    if (level !== 'S1') tellHeightLoss(writer, v, vertebrae[i - 1], vertebrae[i + 1]);
    tellWedges(writer, v);
    tellRotation(writer, v);
    tellVolumes(writer, v);
  });
}

/** Reason why a vertebra has no heights. */
function whyNoHeights(shape: VertebraShape): string {
  if (shape.cutBody) return 'The body is cut by the edge of the volume.';
  return shape.missing.superior ?? shape.missing.inferior ?? 'An endplate could not be fitted.';
}

function source(v: VertebraMeasures, points?: Vec3[], landmarks?: string[]) {
  return { label: v.shape.region.value, level: v.shape.level, points, landmarks };
}

function tellHeights(writer: FeatureWriter, v: VertebraMeasures): void {
  const { level } = v.shape;
  if (level === 'S1' || level === 'C2') return;
  const method = `${PLATES}; ${bodyMethod(v.shape)}`;
  for (const [station, name] of Object.entries(STATION_NAMES) as [HeightStation, string][]) {
    const id = `vertebra.height${name}`;
    const height = v.heights?.[station];
    if (!height) {
      writer.missing(id, level, whyNoHeights(v.shape), { quality: 0, method, source: source(v) });
      continue;
    }
    const landmarks = [`${level}.superiorEndplate`, `${level}.inferiorEndplate`];
    writer.number(
      id,
      level,
      { value: height.mm, sd: height.sdMm },
      {
        quality: v.quality,
        method,
        source: source(v, height.ends, landmarks),
      },
    );
  }
  tellSliceHeights(writer, v);
  if (v.extent && v.heights) {
    const sd = Math.hypot(0.35 * v.shape.voxelMm, 0.9 * roughness(v));
    const about = { quality: v.quality, method: `Rims of the endplates; ${bodyMethod(v.shape)}`, source: source(v) };
    writer.number('vertebra.bodyDepth', level, { value: v.extent.depthMm, sd }, { ...about, doubt: RIM_DOUBT });
    writer.number('vertebra.bodyWidth', level, { value: v.extent.widthMm, sd }, { ...about, doubt: RIM_DOUBT });
  }
}

const RIM_DOUBT = 'Voxel size and boundary roughness at the rim';

function roughness(v: VertebraMeasures): number {
  return Math.max(v.shape.superior?.roughnessMm ?? 0, v.shape.inferior?.roughnessMm ?? 0);
}

function tellSliceHeights(writer: FeatureWriter, v: VertebraMeasures): void {
  if (!v.slice) return;
  const about = {
    quality: 0.8 * v.quality,
    method: 'Half-voxel steps in the parasagittal slice of greatest difference (TotalSegmentator spine report)',
    source: source(v),
    doubt: 'Steps of half a voxel at both ends',
  };
  const sd = 0.45 * v.shape.voxelMm;
  for (const name of ['anterior', 'middle', 'posterior'] as const) {
    writer.number(`vertebra.sliceHeight${STATION_NAMES[name]}`, v.shape.level, { value: v.slice[name], sd }, about);
  }
}

/** Height missing of `part` against `whole` · %, not below 0. */
function loss(part: Measured, whole: Measured): Measured {
  const ratio = part.value / whole.value;
  return { value: 100 * (1 - ratio), sd: 100 * ratio * Math.hypot(part.sd / part.value, whole.sd / whole.value) };
}

function heightLoss(v: VertebraMeasures, above?: VertebraMeasures, below?: VertebraMeasures): Measured | undefined {
  if (!v.heights) return undefined;
  const at = (m: VertebraMeasures, station: HeightStation): Measured | undefined => {
    const h = m.heights?.[station];
    return h && { value: h.mm, sd: h.sdMm };
  };
  const posterior = at(v, 'posterior') as Measured;
  const losses = [loss(at(v, 'anterior') as Measured, posterior), loss(at(v, 'middle') as Measured, posterior)];
  const neighbours = [above, below].map((n) => n && at(n, 'posterior')).filter((h) => h !== undefined);
  if (neighbours.length === 2) {
    const value = (neighbours[0].value + neighbours[1].value) / 2;
    losses.push(loss(posterior, { value, sd: Math.hypot(neighbours[0].sd, neighbours[1].sd) / 2 }));
  }
  const worst = losses.reduce((a, b) => (b.value > a.value ? b : a));
  return { value: Math.max(0, worst.value), sd: worst.sd };
}

const LOSS_THRESHOLD = 20;

function tellHeightLoss(
  writer: FeatureWriter,
  v: VertebraMeasures,
  above: VertebraMeasures | undefined,
  below: VertebraMeasures | undefined,
): void {
  const { level } = v.shape;
  if (level === 'C2') return;
  const about = { quality: v.quality, method: `${PLATES}; ${bodyMethod(v.shape)}`, source: source(v) };
  const measured = heightLoss(v, above, below);
  if (!measured) {
    writer.missing('vertebra.heightLoss', level, whyNoHeights(v.shape), about);
    return;
  }
  writer.number('vertebra.heightLoss', level, measured, about);
  const half = 1.645 * measured.sd;
  const sure = measured.value - half > LOSS_THRESHOLD;
  const flag = sure ? 'yes' : measured.value + half > LOSS_THRESHOLD ? 'unsure' : 'no';
  writer.text('vertebra.heightLossFlag', level, flag, { ...about, doubt: 'See the interval of the height loss.' });
}

function tellWedges(writer: FeatureWriter, v: VertebraMeasures): void {
  const { superior, inferior, frame, level } = v.shape;
  if (level === 'S1' || level === 'C2') return;
  const method = `${PLATES}; ${bodyMethod(v.shape)}`;
  for (const [id, towards] of [
    ['vertebra.wedgeSagittal', frame.y],
    ['vertebra.wedgeCoronal', frame.x],
  ] as const) {
    if (!superior || !inferior) {
      writer.missing(id, level, whyNoHeights(v.shape), { quality: 0, method, source: source(v) });
      continue;
    }
    const tilt = (n: Vec3) => Math.atan2(dot3(n, towards), dot3(n, frame.z)) * DEG_PER_RAD;
    const measured = measurePlates(
      [superior, inferior],
      ([a, b]) => tilt(upwardOf(b, 'inferior')) - tilt(upwardOf(a, 'superior')),
    );
    const landmarks = [`${level}.superiorEndplate`, `${level}.inferiorEndplate`];
    writer.number(id, level, measured, {
      quality: v.quality,
      method,
      source: source(v, [superior.centre, inferior.centre], landmarks),
    });
  }
}

function tellRotation(writer: FeatureWriter, v: VertebraMeasures): void {
  const { level, canal, frame, anteriorSource } = v.shape;
  if (level === 'S1') return;
  const method =
    anteriorSource === 'cord'
      ? 'Middle of the body against the spinal cord'
      : 'Midlines of canal and body from their side walls';
  if (!v.rotation) {
    const reason = 'Neither a canal nor a cord lies behind this body, so its front is not known.';
    writer.missing('vertebra.axialRotation', level, reason, { quality: 0, method, source: source(v) });
    return;
  }
  writer.number('vertebra.axialRotation', level, v.rotation, {
    quality: anteriorSource === 'cord' ? 0.4 * v.quality : canal?.closing ? 0.7 * v.quality : v.quality,
    method,
    doubt: 'Voxel size and boundary roughness of the side walls over the distance from canal to body',
    source: source(v, canal ? [frame.origin, canal.centre] : [frame.origin], [`${level}.body`, `${level}.canal`]),
  });
}

function tellVolumes(writer: FeatureWriter, v: VertebraMeasures): void {
  const { level, cutLabel, cutBody } = v.shape;
  const cm3 = (m: Measured): Measured => ({ value: m.value / 1000, sd: m.sd / 1000 });
  const about = { quality: v.quality, method: 'Voxels counted', doubt: VOLUME_DOUBT, source: source(v) };
  if (cutLabel) {
    writer.missing('vertebra.volume', level, 'The label reaches the edge of the volume.', about);
  } else writer.number('vertebra.volume', level, cm3(v.volume), about);
  if (level === 'S1') return;
  const method = `Voxels counted; ${bodyMethod(v.shape)}`;
  if (cutBody) writer.missing('vertebra.bodyVolume', level, 'The body is cut by the edge of the volume.', about);
  else writer.number('vertebra.bodyVolume', level, cm3(v.bodyVolume), { ...about, method });
}

const VOLUME_DOUBT =
  'The count is exact; the interval is for the bone itself: voxels at the boundary and its roughness, not a bias of the whole label';

/** Worse quality of two plates. */
export function pairQuality(
  a: VertebraMeasures,
  b: VertebraMeasures,
  ...plates: (Parameters<typeof plateQuality>[0] | undefined)[]
): number {
  const own = plates.filter((plate) => plate !== undefined).map(plateQuality);
  return Math.min(a.quality === 0 ? 0 : 1, b.quality === 0 ? 0 : 1, ...own);
}
