/**
 * Second-order sections run over a signal, causal or forwards and backwards (no phase), transposed direct form II. O(n · sections).
 *
 * Long signals go through WebAssembly in four parts at once (`simd-filter.ts`); here is the plain twin for short ones and where
 * that is not to be had: four sections go through the signal together, their recurrences overlap in the processor, so four
 * cost little more than one (measured, 19.2 M samples, one pass: four at once 0.12 s, two and two 0.18 s, one after the other
 * 0.33 s). The zero-phase filter continues both ends by point reflection and starts each section in its steady state
 * (Gustafsson 1996 discusses the choice; lengths and values as SciPy's `sosfiltfilt`).
 */
import { expectArgument } from '../argument-error.ts';
import type { Sections } from './butterworth.ts';
import { causalSimd, zeroPhaseSimd } from './simd-filter.ts';

type Samples = Float32Array | Float64Array;

/**
 * Filters a signal as it would be filtered live: delayed, starting from rest.
 *
 * @param sections - second-order sections
 * @param values - one value per sample · shape [N] · finite
 * @returns filtered values · shape [N] · unit of `values`
 */
export function filterCausal(sections: Sections, values: ArrayLike<number>): Float64Array {
  const fast = causalSimd(sections, values);
  if (fast) return fast;
  const out = Float64Array.from(values);
  runSections(out, sections, new Float64Array(2 * sections.length), false);
  return out;
}

/**
 * Filters a signal forwards and backwards: no delay, gain squared, ends continued by point reflection.
 *
 * @param sections - second-order sections
 * @param values - one value per sample · shape [N] · finite
 * @returns filtered values · shape [N] · unit of `values`
 * @throws ArgumentError fewer samples than the continuation needs: at least 3 (2 · sections + 1) + 1 less 3 per first-order section
 */
export function filterZeroPhase(sections: Sections, values: Samples): Float64Array {
  const edge = edgeLength(sections);
  const n = values.length;
  expectArgument(n > edge, 'values', n, `more than ${edge} samples`);
  const rest = steadyState(sections);
  const fast = zeroPhaseSimd(sections, values, edge, rest);
  if (fast) return fast;
  const all = new Float64Array(n + 2 * edge);
  all.set(values, edge);
  const [first, last] = [values[0], values[n - 1]];
  for (let i = 0; i < edge; i++) {
    all[i] = 2 * first - values[edge - i];
    all[edge + n + i] = 2 * last - values[n - 2 - i];
  }
  runSections(
    all,
    sections,
    rest.map((state) => state * all[0]),
    false,
  );
  const end = all[all.length - 1];
  runSections(
    all,
    sections,
    rest.map((state) => state * end),
    true,
  );
  return all.slice(edge, edge + n);
}

/** Samples by which `filterZeroPhase` continues both ends. */
export function edgeLength(sections: Sections): number {
  const short = Math.min(
    sections.filter((section) => section[2] === 0).length,
    sections.filter((section) => section[4] === 0).length,
  );
  return 3 * (2 * sections.length + 1 - short);
}

/** States of each section once a constant of 1 has gone in for ever · shape [2 · sections]. */
function steadyState(sections: Sections): Float64Array {
  const states = new Float64Array(2 * sections.length);
  let level = 1;
  sections.forEach(([b0, b1, b2, a1, a2], k) => {
    const out = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
    states[2 * k + 1] = b2 * level - a2 * out;
    states[2 * k] = b1 * level - a1 * out + states[2 * k + 1];
    level = out;
  });
  return states;
}

/** Filters in place, groups of four sections at a time. */
function runSections(x: Float64Array, sections: Sections, states: Float64Array, backwards: boolean): void {
  let k = 0;
  for (; k + 4 <= sections.length; k += 4) runFour(x, sections.slice(k, k + 4), states.subarray(2 * k), backwards);
  if (k + 2 <= sections.length) {
    runTwo(x, sections.slice(k, k + 2), states.subarray(2 * k), backwards);
    k += 2;
  }
  if (k < sections.length) runOne(x, sections[k], states.subarray(2 * k), backwards);
}

function runOne(x: Float64Array, [b0, b1, b2, a1, a2]: Sections[number], s: Float64Array, backwards: boolean): void {
  let [p, q] = [s[0], s[1]];
  const step = backwards ? -1 : 1;
  for (let left = x.length, i = backwards ? left - 1 : 0; left > 0; left--, i += step) {
    const u = x[i];
    const y = b0 * u + p;
    p = b1 * u - a1 * y + q;
    q = b2 * u - a2 * y;
    x[i] = y;
  }
}

function runTwo(x: Float64Array, [A, B]: Sections, s: Float64Array, backwards: boolean): void {
  const [a0, a1, a2, a3, a4] = A;
  const [b0, b1, b2, b3, b4] = B;
  let [ap, aq, bp, bq] = [s[0], s[1], s[2], s[3]];
  const step = backwards ? -1 : 1;
  for (let left = x.length, i = backwards ? left - 1 : 0; left > 0; left--, i += step) {
    const u = x[i];
    const v = a0 * u + ap;
    ap = a1 * u - a3 * v + aq;
    aq = a2 * u - a4 * v;
    const w = b0 * v + bp;
    bp = b1 * v - b3 * w + bq;
    bq = b2 * v - b4 * w;
    x[i] = w;
  }
}

function runFour(x: Float64Array, [A, B, C, D]: Sections, s: Float64Array, backwards: boolean): void {
  const [a0, a1, a2, a3, a4] = A;
  const [b0, b1, b2, b3, b4] = B;
  const [c0, c1, c2, c3, c4] = C;
  const [d0, d1, d2, d3, d4] = D;
  let [ap, aq, bp, bq, cp, cq, dp, dq] = [s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]];
  const step = backwards ? -1 : 1;
  for (let left = x.length, i = backwards ? left - 1 : 0; left > 0; left--, i += step) {
    const u = x[i];
    const v = a0 * u + ap;
    ap = a1 * u - a3 * v + aq;
    aq = a2 * u - a4 * v;
    const w = b0 * v + bp;
    bp = b1 * v - b3 * w + bq;
    bq = b2 * v - b4 * w;
    const y = c0 * w + cp;
    cp = c1 * w - c3 * y + cq;
    cq = c2 * w - c4 * y;
    const z = d0 * y + dp;
    dp = d1 * y - d3 * z + dq;
    dq = d2 * y - d4 * z;
    x[i] = z;
  }
}
