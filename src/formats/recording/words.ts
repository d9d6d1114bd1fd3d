/** What the names and units of recorded channels mean: quantities, axes, body segments, sides, UCUM codes. */

import type { BodySegment, Quantity, SignalChannel, SkeletonJoint, Unit } from '../../model/index.ts';
import { LIMB_JOINTS, UNIT_TEXT } from '../../model/index.ts';

/** Ways of writing a unit, beside its UCUM code and the text a person reads; compared without spaces and case. */
const UNIT_WORDS: Record<string, Unit> = {
  g: '[g]',
  gs: '[g]',
  'm/s^2': 'm/s2',
  'm/s/s': 'm/s2',
  'm/sec^2': 'm/s2',
  'm/(s^2)': 'm/s2',
  'm.s-2': 'm/s2',
  'm·s⁻²': 'm/s2',
  ms2: 'm/s2',
  'rad/sec': 'rad/s',
  'deg/sec': 'deg/s',
  dps: 'deg/s',
  '°/s': 'deg/s',
  '°': 'deg',
  degree: 'deg',
  degrees: 'deg',
  radians: 'rad',
  microtesla: 'uT',
  µt: 'uT',
  μt: 'uT',
  gauss: 'G',
  ga: 'G',
  µv: 'uV',
  μv: 'uV',
  microvolt: 'uV',
  microvolts: 'uV',
  millivolt: 'mV',
  millivolts: 'mV',
  volt: 'V',
  volts: 'V',
  newton: 'N',
  nm: 'N.m',
  'n*m': 'N.m',
  nmm: 'N.mm',
  'n*mm': 'N.mm',
  meter: 'm',
  meters: 'm',
  metre: 'm',
  seconds: 's',
  sec: 's',
  msec: 'ms',
  hertz: 'Hz',
  degc: 'Cel',
  '°c': 'Cel',
  celsius: 'Cel',
  percent: '%',
  µs: 'uS',
  '': '1',
  none: '1',
  'n/a': '1',
  normalized: '1',
};

/**
 * UCUM code of a unit as files write it; undefined where it is none that the system knows.
 * @example unitOfText('m/s^2') // 'm/s2'
 */
export function unitOfText(text: string): Unit | undefined {
  const plain = text.trim().replace(/^[[(]+|[\])]+$/g, '');
  const exact = (Object.keys(UNIT_TEXT) as Unit[]).find((code) => code === plain || code === text.trim());
  if (exact) return exact;
  const key = plain.replaceAll(' ', '').toLowerCase();
  if (Object.hasOwn(UNIT_WORDS, key)) return UNIT_WORDS[key];
  return (Object.keys(UNIT_TEXT) as Unit[]).find(
    (code) => code.toLowerCase() === key || (UNIT_TEXT[code] !== '' && UNIT_TEXT[code].toLowerCase() === key),
  );
}

const BY_UNIT: Partial<Record<Unit, Quantity>> = {
  '[g]': 'acceleration',
  'm/s2': 'acceleration',
  'rad/s': 'angular-rate',
  'deg/s': 'angular-rate',
  uT: 'magnetic-field',
  G: 'magnetic-field',
  N: 'force',
  'N.m': 'moment',
  'N.mm': 'moment',
};

const BY_WORD: [RegExp, Quantity][] = [
  [/quat|orientation|\bq[0-3wxyz]\b/i, 'orientation'],
  [/(^|[^a-z])(s?emg)|emg($|[^a-z])|^emg/i, 'emg'],
  [/gyr|angular[ _.-]*(velocity|rate)|\bgyro/i, 'angular-rate'],
  [/mag(n|_|\b|[xyz]\b|\d)|magnet/i, 'magnetic-field'],
  [/acc(el|_|\b|[xyz]\b|\d)|acceler/i, 'acceleration'],
  [/goni|angle|flexion|roll|pitch|yaw|euler/i, 'angle'],
  [/moment|torque/i, 'moment'],
  [/force|grf|\bf[xyz]\d?\b/i, 'force'],
  [/\bcop\b|pressure[ _-]?cent/i, 'pressure-centre'],
];

/**
 * What a channel measures, after its name and its unit.
 * @example quantityOf('Gyroscope X', 'deg/s') // 'angular-rate'
 */
export function quantityOf(name: string, unit?: Unit): Quantity {
  const word = BY_WORD.find(([pattern]) => pattern.test(name))?.[1];
  return word ?? (unit ? BY_UNIT[unit] : undefined) ?? 'other';
}

/**
 * Axis at the end of a channel's name.
 * @example axisOf('Acc_Y') // 'y'
 */
export function axisOf(name: string): SignalChannel['axis'] {
  const found = /(?:^|[^a-z0-9])([wxyzs])$|(?:acc|gyr|gyro|mag|quat|q)([wxyz])$/i.exec(name.trim());
  const letter = (found?.[1] ?? found?.[2])?.toLowerCase();
  if (letter === 's') return 'w';
  if (letter) return letter as 'w' | 'x' | 'y' | 'z';
  if (/scalar$/i.test(name)) return 'w';
  const digit = /q(?:uat)?_?q?([0-3])$/i.exec(name.trim())?.[1];
  return digit === undefined ? undefined : (['w', 'x', 'y', 'z'] as const)[Number(digit)];
}

const SEGMENT_WORDS: [RegExp, BodySegment][] = [
  [/head|forehead|skull/i, 'head'],
  [/lower[ _-]?back|lumbar|\bl[1-5]\b|waist|belt/i, 'lumbar'],
  [/upper[ _-]?back|thora|sternum|chest|torso|trunk|\bt(?:[1-9]|1[0-2])\b|\bc7\b/i, 'thorax'],
  [/pelvis|sacrum|\bs1\b|^hips?$|\bhip\b/i, 'pelvis'],
  [/upper[ _-]?arm|humer/i, 'upperArm'],
  [/fore[ _-]?arm|lower[ _-]?arm|wrist|radius|ulna/i, 'forearm'],
  [/hand|palm/i, 'hand'],
  [/thigh|upper[ _-]?leg|femur/i, 'thigh'],
  [/shank|lower[ _-]?leg|tibia|calf|ankle/i, 'shank'],
  [/foot|calcn|toe|shoe/i, 'foot'],
];

/**
 * Body segment and side that a sensor's name speaks of.
 * @example segmentOf('upper_arm_left') // { segment: 'upperArm', side: 'left' }
 */
export function segmentOf(name: string): { segment?: BodySegment; side?: 'left' | 'right' } {
  const spaced = name.replace(/[_./:-]+/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
  const segment = SEGMENT_WORDS.find(([pattern]) => pattern.test(spaced))?.[1];
  const side = sideOf(spaced);
  return { ...(segment ? { segment } : {}), ...(side ? { side } : {}) };
}

/**
 * Side that a name speaks of.
 * @example sideOf('Right Ankle') // 'right'
 */
export function sideOf(name: string): 'left' | 'right' | undefined {
  const spaced = name.replace(/[_./:-]+/g, ' ');
  if (/left|\bl\b|\blt\b/i.test(spaced)) return 'left';
  return /right|\br\b|\brt\b/i.test(spaced) ? 'right' : undefined;
}

/** Joints of Kinect v1, in its own order. */
export const KINECT1_JOINTS: readonly SkeletonJoint[] = ['head', 'thorax', 'spine', 'pelvis', ...LIMB_JOINTS];

const PARENT: Partial<Record<string, string>> = {
  spine: 'pelvis',
  thorax: 'spine',
  neck: 'thorax',
  head: 'neck',
  'shoulder.left': 'thorax',
  'elbow.left': 'shoulder.left',
  'wrist.left': 'elbow.left',
  'hand.left': 'wrist.left',
  'handTip.left': 'hand.left',
  'thumb.left': 'wrist.left',
  'shoulder.right': 'thorax',
  'elbow.right': 'shoulder.right',
  'wrist.right': 'elbow.right',
  'hand.right': 'wrist.right',
  'handTip.right': 'hand.right',
  'thumb.right': 'wrist.right',
  'hip.left': 'pelvis',
  'knee.left': 'hip.left',
  'ankle.left': 'knee.left',
  'foot.left': 'ankle.left',
  'hip.right': 'pelvis',
  'knee.right': 'hip.right',
  'ankle.right': 'knee.right',
  'foot.right': 'ankle.right',
};

/**
 * Index of each joint's parent; a joint whose parent was not recorded hangs on the next one up that was.
 * @example skeletonParents(['pelvis', 'thorax', 'head']) // [-1, 0, 1]
 */
export function skeletonParents(names: readonly string[]): number[] {
  return names.map((name) => {
    for (let parent = PARENT[name]; parent; parent = PARENT[parent]) {
      const index = names.indexOf(parent);
      if (index >= 0) return index;
    }
    return -1;
  });
}
