/** The virtual subject's sensors through the whole way to joint angles, beside its prescribed ones. */

import { type MotionParams, simulateMotion } from '../../../fixtures/synth/index.ts';
import { imuOrientation } from '../../../src/hme/imu-orientation/index.ts';
import { segmentAngles } from '../../../src/hme/segment-angles/index.ts';
import type { ArtifactValue, ParamValues, Signals } from '../../../src/model/index.ts';
import { outputsOf, runCapability } from '../read.ts';

/** Our angle for each channel of the truth; ankles and arms carry no sensor. */
const OURS: readonly (readonly [truth: RegExp, id: string])[] = [
  [/^pelvis anterior tilt/, 'pelvis.tilt'],
  [/^trunk flexion/, 'lumbar.flexion'],
  [/^trunk bending/, 'lumbar.lateral'],
  [/^trunk turning/, 'lumbar.rotation'],
  [/^hip flexion.*left/, 'hip.flexion.left'],
  [/^hip flexion.*right/, 'hip.flexion.right'],
  [/^knee flexion.*left/, 'knee.flexion.left'],
  [/^knee flexion.*right/, 'knee.flexion.right'],
];

/** Difference of one angle from the truth. */
export interface AngleError {
  id: string;
  rmsDeg: number;
  largestDeg: number;
}

/** Runs the virtual subject through orientation and segment angles. */
export async function sensorAngles(
  subject: MotionParams,
  orientation: ParamValues = {},
  segments: ParamValues = {},
): Promise<{ errors: AngleError[]; codes: string[] }> {
  const { imu, truth } = simulateMotion(subject);
  const recording: ArtifactValue[] = [{ kind: 'signal.imu', payload: imu, synthetic: true }];
  const oriented = await runCapability(imuOrientation, { recording }, orientation);
  const inputs = { orientation: outputsOf(oriented, 'orientation') as ArtifactValue[], recording };
  const result = await runCapability(segmentAngles, inputs, segments);
  const angles = outputsOf(result, 'angles')[0].payload as Signals;
  return {
    errors: OURS.map(([pattern, id]) => errorOf(angles, truth.angles, pattern, id)),
    codes: [...oriented.quality, ...result.quality].map(({ code }) => code),
  };
}

function errorOf(own: Signals, truth: Signals, pattern: RegExp, id: string): AngleError {
  const values = own.channels.find(({ name }) => name.startsWith(`${id} (`))?.values ?? new Float64Array();
  const wanted = truth.channels.find(({ name }) => pattern.test(name))?.values ?? new Float64Array();
  let [squares, largestDeg, count] = [0, 0, 0];
  values.forEach((value, i) => {
    const at = (own.startS + i / own.rateHz - truth.startS) * truth.rateHz;
    const low = Math.floor(at);
    if (low < 0 || low + 1 >= wanted.length || Number.isNaN(value)) return;
    const error = Math.abs(value - (wanted[low] + (at - low) * (wanted[low + 1] - wanted[low])));
    squares += error ** 2;
    largestDeg = Math.max(largestDeg, error);
    count++;
  });
  return { id, rmsDeg: Math.sqrt(squares / count), largestDeg };
}
