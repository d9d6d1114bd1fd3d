/**
 * Butterworth and notch filters as second-order sections: analog prototype, band transform, bilinear transform with
 * prewarped corners. O(order).
 *
 * Sections, never transfer-function coefficients: at 20 Hz of 2000 Hz an order-4 band-pass in one polynomial loses eight
 * digits. Conjugate poles share a section, sections with poles nearest the unit circle come last, so that intermediate
 * values stay small. A pole of a wide band-pass may be real; two real ones then share a section.
 */
import { expectArgument } from '../argument-error.ts';

/** Second-order sections in order · each `[b0, b1, b2, a1, a2]` of (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²). */
export type Sections = readonly (readonly [b0: number, b1: number, b2: number, a1: number, a2: number])[];

/** What a filter lets through. */
export type FilterBand = 'low-pass' | 'high-pass' | 'band-pass' | 'band-stop';

/** What is to be designed. */
export interface ButterworthDesign {
  band: FilterBand;
  /** order of the prototype; band filters have twice as many poles · 1 to 24 */
  order: number;
  /** corner, or lower and upper corner, at which the power is halved in one pass · Hz */
  cutoffHz: number | readonly [low: number, high: number];
  /** samples per second */
  rateHz: number;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

const real = (re: number): Complex => ({ re, im: 0 });
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const minus = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
const over = (a: Complex, b: Complex): Complex => {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
};
const root = ({ re, im }: Complex): Complex => {
  const size = Math.hypot(re, im);
  const x = Math.sqrt((size + Math.abs(re)) / 2);
  if (x === 0) return real(0);
  const y = Math.abs(im) / (2 * x);
  const [a, b] = re >= 0 ? [x, y] : [y, x];
  return { re: a, im: im < 0 ? -b : b };
};

/**
 * Designs a Butterworth filter.
 *
 * @param design - band, order, corners in Hz, rate in Hz
 * @returns second-order sections, unit gain in the pass band
 * @throws ArgumentError an order outside 1 to 24, a corner not between 0 and half the rate, corners out of order
 * @see Butterworth 1930; agrees with SciPy's `butter(…, output='sos')` as a filter, the pairing of zeros differs
 * @example butterworth({ band: 'low-pass', order: 1, cutoffHz: 250, rateHz: 1000 }).length // 1
 */
export function butterworth(design: ButterworthDesign): Sections {
  const { band, order, rateHz } = design;
  const corners = typeof design.cutoffHz === 'number' ? [design.cutoffHz] : [...design.cutoffHz];
  expectArgument(Number.isInteger(order) && order >= 1 && order <= 24, 'order', order, 'a whole number from 1 to 24');
  const wanted = band === 'low-pass' || band === 'high-pass' ? 1 : 2;
  expectArgument(corners.length === wanted, 'cutoffHz', design.cutoffHz, `${wanted} corner${wanted > 1 ? 's' : ''}`);
  for (const corner of corners)
    expectArgument(corner > 0 && corner < rateHz / 2, 'cutoffHz', corner, `between 0 and ${rateHz / 2} Hz`);
  expectArgument(wanted === 1 || corners[0] < corners[1], 'cutoffHz', design.cutoffHz, 'the lower corner first');

  // prewarped corners of a bilinear transform s = (z - 1) / (z + 1)
  const warped = corners.map((corner) => Math.tan((Math.PI * corner) / rateHz));
  const centre = wanted === 2 ? Math.sqrt(warped[0] * warped[1]) : warped[0];
  const width = wanted === 2 ? warped[1] - warped[0] : 0;
  const poles = prototypePoles(order).map((pole) => transformed(pole, band, { centre, width }));
  const shape = { band, turn: -2 * Math.cos(2 * Math.atan(centre)), at: passAngle(band, centre) };
  return poles
    .flatMap((group) => group.map((pair) => pair.map(bilinear)))
    .sort((a, b) => farthest(a) - farthest(b))
    .map((pair) => sectionOf(pair, shape));
}

/** Left half-plane poles of the prototype, one of each conjugate pair; a real one stands alone. */
function prototypePoles(order: number): Complex[] {
  const poles: Complex[] = [];
  for (let k = 0; 2 * k < order - 1; k++) {
    const angle = (Math.PI * (2 * k + 1)) / (2 * order);
    poles.push({ re: -Math.sin(angle), im: Math.cos(angle) });
  }
  if (order % 2) poles.push(real(-1));
  return poles;
}

/** Analog poles of the band that one prototype pole (with its conjugate) becomes, in pairs that share a section. */
function transformed(
  pole: Complex,
  band: FilterBand,
  { centre, width }: { centre: number; width: number },
): Complex[][] {
  const alone = pole.im === 0;
  const conjugate = (p: Complex): Complex => ({ re: p.re, im: -p.im });
  if (band === 'low-pass' || band === 'high-pass') {
    const moved = band === 'low-pass' ? times(pole, real(centre)) : over(real(centre), pole);
    return [alone ? [real(moved.re)] : [moved, conjugate(moved)]];
  }
  const half = band === 'band-pass' ? times(pole, real(width / 2)) : over(real(width / 2), pole);
  const split = root(minus(times(half, half), real(centre * centre)));
  const [one, two] = [plus(half, split), minus(half, split)];
  if (alone) return [[one, two]];
  return [
    [one, conjugate(one)],
    [two, conjugate(two)],
  ];
}

const bilinear = (s: Complex): Complex => over(plus(real(1), s), minus(real(1), s));
const farthest = (pair: readonly Complex[]): number => Math.max(...pair.map(({ re, im }) => Math.hypot(re, im)));

/** Angle on the unit circle at which the gain is one. */
function passAngle(band: FilterBand, centre: number): number {
  if (band === 'high-pass') return Math.PI;
  return band === 'band-pass' ? 2 * Math.atan(centre) : 0;
}

function sectionOf(
  pair: readonly Complex[],
  { band, turn, at }: { band: FilterBand; turn: number; at: number },
): Sections[number] {
  const sum = pair.reduce((total, pole) => total + pole.re, 0);
  const [a1, a2] = pair.length === 2 ? [-sum, times(pair[0], pair[1]).re] : [-sum, 0];
  const single = pair.length === 1;
  const zeros: Record<FilterBand, [number, number, number]> = {
    'low-pass': single ? [1, 1, 0] : [1, 2, 1],
    'high-pass': single ? [1, -1, 0] : [1, -2, 1],
    'band-pass': [1, 0, -1],
    'band-stop': [1, turn, 1],
  };
  const [b0, b1, b2] = zeros[band];
  const gain = 1 / gainOf([b0, b1, b2, a1, a2], at);
  return [gain * b0, gain * b1, gain * b2, a1, a2];
}

function gainOf([b0, b1, b2, a1, a2]: Sections[number], angle: number): number {
  const [c1, s1, c2, s2] = [Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
  const above = Math.hypot(b0 + b1 * c1 + b2 * c2, b1 * s1 + b2 * s2);
  return above / Math.hypot(1 + a1 * c1 + a2 * c2, a1 * s1 + a2 * s2);
}

/**
 * A filter that takes out one frequency and leaves the rest.
 *
 * @param frequencyHz - frequency to take out · Hz
 * @param quality - frequency over the width at half power
 * @param rateHz - samples per second
 * @returns one second-order section, unit gain far from the notch
 * @throws ArgumentError a frequency not between 0 and half the rate, a quality not above 0
 * @see Orfanidis 1996, chapter 11; equal to SciPy's `iirnotch`
 */
export function notchFilter(frequencyHz: number, quality: number, rateHz: number): Sections {
  expectArgument(frequencyHz > 0 && frequencyHz < rateHz / 2, 'frequencyHz', frequencyHz, `0 to ${rateHz / 2} Hz`);
  expectArgument(quality > 0, 'quality', quality, 'a number above 0');
  const angle = (2 * Math.PI * frequencyHz) / rateHz;
  const gain = 1 / (1 + Math.tan(angle / quality / 2));
  const turn = -2 * gain * Math.cos(angle);
  return [[gain, turn, gain, turn, 2 * gain - 1]];
}

/**
 * Gain of a filter at a frequency, one pass; a zero-phase filter has its square.
 *
 * @param frequencyHz - Hz
 * @param rateHz - samples per second
 * @returns amplitude out over amplitude in
 * @example Math.round(1e9 * filterGain(butterworth({ band: 'low-pass', order: 3, cutoffHz: 40, rateHz: 1000 }), 40, 1000) ** 2) // 5e8
 */
export function filterGain(sections: Sections, frequencyHz: number, rateHz: number): number {
  const angle = (2 * Math.PI * frequencyHz) / rateHz;
  return sections.reduce((gain, section) => gain * gainOf(section, angle), 1);
}
