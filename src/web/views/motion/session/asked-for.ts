/** Which numbers of a recording come first. */

import type { WireFeature } from '../../../../contract/index.ts';

/** Numbers of recordings that a clinician asks for, first things first: id and site. Those of joints and of devices follow. */
const ASKED: readonly RegExp[] = [
  /^(kinematics|segment)\.maximum trunk\.flexion$/i,
  /^(kinematics|segment)\.(maximum|rangeOfMotion) lumbar\.flexion$/i,
  /^kinematics\.lumbopelvic/i,
  /^(kinematics|segment)\.rangeOfMotion (trunk|lumbar)\./i,
  /^kinematics\.(repetitionPeak|symmetry|gait|cadence|speed)/i,
  /^(kinematics|segment)\.(maximum|rangeOfMotion) /i,
];
/** Of devices and of how a recording went: seldom what anybody came for. */
const OF_DEVICES = /^(imu|clock|ground\.noise|segment\.(gravityResidual|headingMismatch))/i;

/** Place of a number in the order in which it is asked for; those of devices last. */
export function askedFor({ definition, site = '' }: Pick<WireFeature, 'definition' | 'site'>): number {
  const at = ASKED.findIndex((pattern) => pattern.test(`${definition} ${site}`));
  if (at >= 0) return at;
  return isOfDevice({ definition }) ? ASKED.length + 1 : ASKED.length;
}

/** True for numbers of devices and clocks, not of the body. */
export function isOfDevice({ definition }: Pick<WireFeature, 'definition'>): boolean {
  return OF_DEVICES.test(definition);
}
