/** Functions of OpenSim models: constants, lines, polynomials, splines, and what wraps them. */

import { MsdtError } from '../../model/index.ts';
import { childOf, numbersOf, textOf, type XmlElement } from './xml.ts';

/** A function of one or several coordinates. */
export type ModelFunction = (values: readonly number[]) => number;

/** Tags that are functions. */
const FUNCTION_TAGS = [
  'Constant',
  'LinearFunction',
  'PolynomialFunction',
  'MultiplierFunction',
  'SimmSpline',
  'NaturalCubicSpline',
  'natCubicSpline',
  'PiecewiseLinearFunction',
  'Sine',
] as const;

/** A function with what the degrees flag of a motion file needs to know. */
export interface ReadFunction {
  value: ModelFunction;
  /** a straight line */
  linear: boolean;
}

/**
 * The function inside an element: a child that is one, or that stands in a child `function`.
 * @returns undefined when there is none
 * @throws MsdtError `file.unsupported` a function of another kind · `file.malformed`
 */
export function functionIn(element: XmlElement | undefined, file: string): ReadFunction | undefined {
  const holder = childOf(element, 'function');
  const candidates = [...(element?.children ?? []), ...(holder?.children ?? [])];
  const found = candidates.find(({ tag }) => (FUNCTION_TAGS as readonly string[]).includes(tag));
  if (found) return readFunction(found, file);
  const unknown = candidates.find(({ tag }) => /(Function|Spline|Signal)$/.test(tag));
  if (!unknown) return undefined;
  throw new MsdtError('file.unsupported', `The model uses a function this program does not know (${file})`, {
    where: { file, place: `${element?.tag} ${element?.name}` },
    detail: unknown.tag,
    hint: `Known are ${FUNCTION_TAGS.join(', ')}.`,
  });
}

function readFunction(element: XmlElement, file: string): ReadFunction {
  const bad = (detail: string) =>
    new MsdtError('file.malformed', `A function of the model is damaged (${file})`, {
      where: { file, place: `${element.tag} ${element.name}` },
      detail,
      hint: 'Save the model again from OpenSim.',
    });
  if (element.tag === 'Constant') {
    const value = Number(textOf(element, 'value') || 0);
    return { value: () => value, linear: false };
  }
  if (element.tag === 'LinearFunction') {
    const coefficients = numbersOf(element, 'coefficients');
    if (coefficients.length < 2 || !coefficients.every(Number.isFinite)) throw bad('fewer than two coefficients');
    const last = coefficients.length - 1;
    return {
      value: (values) =>
        coefficients.slice(0, last).reduce((sum, factor, at) => sum + factor * (values[at] ?? 0), coefficients[last]),
      linear: true,
    };
  }
  if (element.tag === 'PolynomialFunction') {
    const coefficients = numbersOf(element, 'coefficients');
    if (coefficients.length === 0 || !coefficients.every(Number.isFinite)) throw bad('no coefficients');
    return { value: ([x]) => coefficients.reduce((sum, factor) => sum * x + factor, 0), linear: false };
  }
  if (element.tag === 'MultiplierFunction') {
    const inner = functionIn(element, file);
    if (!inner) throw bad('nothing to multiply');
    const scale = Number(textOf(element, 'scale') || 1);
    return { value: (values) => scale * inner.value(values), linear: inner.linear };
  }
  if (element.tag === 'Sine') {
    const part = (tag: string, usual: number) => Number(textOf(element, tag) || usual);
    const [amplitude, omega, phase, offset] = [
      part('amplitude', 1),
      part('omega', 1),
      part('phase', 0),
      part('offset', 0),
    ];
    return { value: ([x]) => amplitude * Math.sin(omega * x + phase) + offset, linear: false };
  }
  const x = numbersOf(element, 'x');
  const y = numbersOf(element, 'y');
  const rising = x.every((value, at) => Number.isFinite(value) && (at === 0 || value > x[at - 1]));
  if (x.length < 2 || x.length !== y.length || !rising || !y.every(Number.isFinite))
    throw bad(`${x.length} and ${y.length} knots, which must be as many and rise`);
  const line = element.tag === 'PiecewiseLinearFunction' || x.length === 2;
  const curve = line ? polyline(x, y) : simmSpline(x, y);
  return { value: ([at]) => curve(at), linear: false };
}

function polyline(x: readonly number[], y: readonly number[]): (at: number) => number {
  return (at) => {
    const piece = pieceOf(x, at);
    return y[piece] + ((at - x[piece]) * (y[piece + 1] - y[piece])) / (x[piece + 1] - x[piece]);
  };
}

/** Index of the piece that holds a place; the first or last one beyond the ends. */
function pieceOf(x: readonly number[], at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The cubic spline of SIMM and OpenSim: its third derivative at each end is that of the cubic through the four points there
 * (Forsythe, Malcolm & Moler 1977); beyond its ends it goes on straight.
 * @param x - knots, rising · length n ≥ 3
 * @param y - values · length n
 */
function simmSpline(x: readonly number[], y: readonly number[]): (at: number) => number {
  const n = x.length;
  const width = Array.from({ length: n - 1 }, (_, i) => x[i + 1] - x[i]);
  const slope = width.map((h, i) => (y[i + 1] - y[i]) / h);
  // unknowns: a sixth of the second derivative at each knot
  const diagonal = x.map((_, i) => (i === 0 ? -width[0] : i === n - 1 ? -width[n - 2] : 2 * (width[i - 1] + width[i])));
  const right = x.map((_, i) => (i === 0 || i === n - 1 ? 0 : slope[i] - slope[i - 1]));
  if (n > 3) {
    const third = (i: number) =>
      (right[i + 1] / (x[i + 2] - x[i]) - right[i] / (x[i + 1] - x[i - 1])) / (x[i + 2] - x[i - 1]);
    right[0] = third(1) * width[0] ** 2;
    right[n - 1] = -third(n - 3) * width[n - 2] ** 2;
  }
  for (let i = 1; i < n; i++) {
    const factor = width[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * width[i - 1];
    right[i] -= factor * right[i - 1];
  }
  const bend = new Array<number>(n).fill(0);
  bend[n - 1] = right[n - 1] / diagonal[n - 1];
  for (let i = n - 2; i >= 0; i--) bend[i] = (right[i] - width[i] * bend[i + 1]) / diagonal[i];
  const tangent = (i: number) => slope[i] - width[i] * (bend[i + 1] + 2 * bend[i]);
  const first = tangent(0);
  const last = slope[n - 2] + width[n - 2] * (bend[n - 2] + 2 * bend[n - 1]);
  return (at) => {
    if (at < x[0]) return y[0] + (at - x[0]) * first;
    if (at > x[n - 1]) return y[n - 1] + (at - x[n - 1]) * last;
    const i = pieceOf(x, at);
    const step = at - x[i];
    return y[i] + step * (tangent(i) + step * (3 * bend[i] + (step * (bend[i + 1] - bend[i])) / width[i]));
  };
}
