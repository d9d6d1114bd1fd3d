/** Tells what was measured between neighbouring vertebrae. */

import { DEG_PER_RAD, dot3 } from '../../../kernel/index.ts';
import type { Measured } from '../column/doubt.ts';
import type { IntervertebralSpace } from '../column/intervertebral.ts';
import { measureAngle, type View } from '../column/tilts.ts';
import type { SegmentMeasures, VertebraMeasures } from '../measure.ts';
import type { HeightStation } from '../vertebra/heights.ts';
import type { About, FeatureWriter } from './draft.ts';
import { pairQuality } from './emit-vertebra.ts';

const METHOD = 'Endplates by maximum likelihood of the label’s voxels; the space along the mean of their normals';

const STATIONS: readonly [HeightStation, string][] = [
  ['anterior', 'Anterior'],
  ['middle', 'Middle'],
  ['posterior', 'Posterior'],
  ['left', 'Left'],
  ['right', 'Right'],
];

/** Features of every segment; `spaceIndex` gives the place of a segment's mesh in the output. */
export function tellSegments(writer: FeatureWriter, segments: readonly SegmentMeasures[]): void {
  let index = 0;
  for (const segment of segments) {
    const { space } = segment;
    if (space) tellSpace(writer, segment, space, index++);
    else tellNoSpace(writer, segment);
    tellAngles(writer, segment);
    tellRotation(writer, segment);
  }
}

function aboutSegment({ segment, upper, lower }: SegmentMeasures): About {
  const landmarks = [`${upper.shape.level}.inferiorEndplate`, `${lower.shape.level}.superiorEndplate`];
  const points = [upper.shape.inferior?.centre, lower.shape.superior?.centre].filter((p) => p !== undefined);
  return {
    quality: pairQuality(upper, lower, upper.shape.inferior, lower.shape.superior),
    method: METHOD,
    source: { label: upper.shape.region.value, level: segment, points, landmarks },
  };
}

function tellSpace(writer: FeatureWriter, s: SegmentMeasures, space: IntervertebralSpace, index: number): void {
  const about = aboutSegment(s);
  const output = { role: 'spaces', index };
  for (const [station, name] of STATIONS) {
    const height = space.heights[station];
    writer.number(
      `disc.height${name}`,
      s.segment,
      { value: height.mm, sd: height.sdMm },
      {
        ...about,
        source: { ...about.source, points: height.ends, output },
      },
    );
  }
  const whole = { ...about, source: { ...about.source, output } };
  writer.number('disc.heightMean', s.segment, space.mean, whole);
  writer.number('disc.wedgeSagittal', s.segment, space.wedgeSagittal, about);
  writer.number('disc.wedgeCoronal', s.segment, space.wedgeCoronal, about);
  writer.number('disc.volume', s.segment, perThousand(space.volumeMm3), whole);
  tellIndex(writer, s, space, about);
  const slip = { ...about, source: { ...about.source, points: space.slip.ends }, doubt: SLIP_DOUBT };
  writer.number('segment.listhesis', s.segment, space.slip, slip);
  const share = { value: space.slip.percent, sd: space.slip.percentSd };
  writer.number('segment.listhesisShare', s.segment, share, slip);
}

const SLIP_DOUBT = 'Voxel size and boundary roughness at the posterior rims';

function perThousand(m: Measured): Measured {
  return { value: m.value / 1000, sd: m.sd / 1000 };
}

function tellIndex(writer: FeatureWriter, s: SegmentMeasures, space: IntervertebralSpace, about: About): void {
  const bodies = [s.upper, s.lower].map((v) => v.heights?.middle).filter((h) => h !== undefined);
  const sacral = s.lower.shape.level === 'S1';
  if (bodies.length < (sacral ? 1 : 2)) {
    writer.missing('disc.heightIndex', s.segment, 'A neighbouring body has no height.', about);
    return;
  }
  const body = bodies.reduce((sum, h) => sum + h.mm, 0) / bodies.length;
  const bodySd = Math.hypot(...bodies.map((h) => h.sdMm)) / bodies.length;
  const value = space.mean.value / body;
  const sd = Math.abs(value) * Math.hypot(space.mean.sd / Math.max(0.5, space.mean.value), bodySd / body);
  writer.number('disc.heightIndex', s.segment, { value, sd }, about);
}

function tellNoSpace(writer: FeatureWriter, s: SegmentMeasures): void {
  const reason =
    s.upper.shape.missing.inferior ?? s.lower.shape.missing.superior ?? 'The facing endplates could not be fitted.';
  const about = { ...aboutSegment(s), quality: 0 };
  for (const id of [
    'disc.heightAnterior',
    'disc.heightMiddle',
    'disc.heightPosterior',
    'disc.heightMean',
    'disc.volume',
  ]) {
    writer.missing(id, s.segment, reason, about);
  }
}

function tellAngles(writer: FeatureWriter, s: SegmentMeasures): void {
  const [upper, lower] = [s.upper.shape.superior, s.lower.shape.superior];
  for (const [id, view] of [
    ['spine.segmentAngleSagittal', 'sagittal'],
    ['spine.segmentAngleCoronal', 'coronal'],
  ] as const) {
    const about: About = {
      quality: pairQuality(s.upper, s.lower, upper, lower),
      method: 'Endplates by maximum likelihood of the label’s voxels',
      source: {
        label: s.upper.shape.region.value,
        level: s.segment,
        points: [upper?.centre, lower?.centre].filter((p) => p !== undefined),
        landmarks: [`${s.upper.shape.level}.superiorEndplate`, `${s.lower.shape.level}.superiorEndplate`],
      },
    };
    if (!upper || !lower) {
      const reason = s.upper.shape.missing.superior ?? s.lower.shape.missing.superior ?? 'An endplate is missing.';
      writer.missing(id, s.segment, reason, about);
    } else writer.number(id, s.segment, opening(measureAngle(upper, lower, view), view), about);
  }
}

/** Tilt difference as opening: to the front, and to the left. */
function opening(angle: Measured, view: View): Measured {
  return view === 'sagittal' ? angle : { value: -angle.value, sd: angle.sd };
}

/** Turn of the upper's front against the lower's, about the lower's axis · deg. */
function relativeRotation(upper: VertebraMeasures, lower: VertebraMeasures): number {
  const y = upper.shape.frame.y;
  const f = lower.shape.frame;
  return Math.atan2(dot3(y, f.x), dot3(y, f.y)) * DEG_PER_RAD;
}

function tellRotation(writer: FeatureWriter, s: SegmentMeasures): void {
  const [a, b] = [s.upper.rotation, s.lower.rotation];
  if (!a || !b || s.lower.shape.level === 'S1') return;
  const measured = { value: relativeRotation(s.upper, s.lower), sd: Math.hypot(a.sd, b.sd) };
  writer.number('segment.axialRotation', s.segment, measured, {
    quality: Math.min(s.upper.quality, s.lower.quality),
    method: 'Midlines of canal and body from their side walls',
    doubt: 'Voxel size and boundary roughness of the side walls over the distance from canal to body',
    source: {
      label: s.upper.shape.region.value,
      level: s.segment,
      points: [s.upper.shape.frame.origin, s.lower.shape.frame.origin],
    },
  });
}
