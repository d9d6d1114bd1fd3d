/**
 * Stockham's self-sorting passes, in plain TypeScript: radix 4, 5, 3, 2, and any other prime by the sum as it is written. O(n · radix)
 * a pass. `asm/transform.ts` has the same passes operation by operation.
 */

/** One pass of a transform. */
export interface FftPass {
  radix: number;
  /** transforms still to be split after this pass */
  rest: number;
  stride: number;
  /** exp(-2πi p j / (radix · rest)) for p below rest, j from 1 below radix · cos, sin interleaved */
  twiddles: Float64Array;
}

/** Lengths whose twiddles are kept. */
const KEPT_PLANS = 8;
const plans = new Map<number, readonly FftPass[]>();

/** Passes of a complex transform of some length, in order. */
export function fftPasses(length: number): readonly FftPass[] {
  const known = plans.get(length);
  if (known) return known;
  const passes = planPasses(length);
  if (plans.size >= KEPT_PLANS) plans.delete(plans.keys().next().value ?? 0);
  plans.set(length, passes);
  return passes;
}

function planPasses(length: number): FftPass[] {
  const radices: number[] = [];
  let left = length;
  while (left % 4 === 0) {
    radices.push(4);
    left /= 4;
  }
  for (let factor = 2; left > 1; factor++) {
    if (factor * factor > left) factor = left;
    while (left % factor === 0) {
      radices.push(factor);
      left /= factor;
    }
  }
  const passes: FftPass[] = [];
  let stride = 1;
  let whole = length;
  for (const radix of radices) {
    const rest = whole / radix;
    const twiddles = new Float64Array(2 * rest * (radix - 1));
    for (let p = 0, at = 0; p < rest; p++) {
      for (let j = 1; j < radix; j++, at += 2) {
        const angle = (-2 * Math.PI * ((p * j) % whole)) / whole;
        twiddles[at] = Math.cos(angle);
        twiddles[at + 1] = Math.sin(angle);
      }
    }
    passes.push({ radix, rest, stride, twiddles });
    stride *= radix;
    whole = rest;
  }
  return passes;
}

type Buffers = [fromRe: Float64Array, fromIm: Float64Array, toRe: Float64Array, toIm: Float64Array];

/** Runs one pass from one pair of buffers to the other. */
export function runPass(pass: FftPass, ...buffers: Buffers): void {
  if (pass.radix === 4) (pass.stride === 1 ? firstPassFour : passFour)(pass, ...buffers);
  else if (pass.radix === 5) passFive(pass, ...buffers);
  else if (pass.radix === 2) passTwo(pass, ...buffers);
  else if (pass.radix === 3) passThree(pass, ...buffers);
  else passAny(pass, ...buffers);
}

/** `passFour` of stride 1, where an inner loop would run once. */
function firstPassFour(
  { rest, twiddles }: FftPass,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  for (let a = 0, t = 0, e = 0; a < rest; a++, t += 6, e += 4) {
    const b = a + rest;
    const c = b + rest;
    const d = c + rest;
    const apr = xr[a] + xr[c];
    const api = xi[a] + xi[c];
    const amr = xr[a] - xr[c];
    const ami = xi[a] - xi[c];
    const bpr = xr[b] + xr[d];
    const bpi = xi[b] + xi[d];
    const bmr = xr[b] - xr[d];
    const bmi = xi[b] - xi[d];
    yr[e] = apr + bpr;
    yi[e] = api + bpi;
    const ur = amr + bmi;
    const ui = ami - bmr;
    yr[e + 1] = twiddles[t] * ur - twiddles[t + 1] * ui;
    yi[e + 1] = twiddles[t] * ui + twiddles[t + 1] * ur;
    const vr = apr - bpr;
    const vi = api - bpi;
    yr[e + 2] = twiddles[t + 2] * vr - twiddles[t + 3] * vi;
    yi[e + 2] = twiddles[t + 2] * vi + twiddles[t + 3] * vr;
    const sr = amr - bmi;
    const si = ami + bmr;
    yr[e + 3] = twiddles[t + 4] * sr - twiddles[t + 5] * si;
    yi[e + 3] = twiddles[t + 4] * si + twiddles[t + 5] * sr;
  }
}

function passFour(
  { rest, stride, twiddles }: FftPass,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const quarter = stride * rest;
  for (let p = 0; p < rest; p++) {
    const t = 6 * p;
    const w1r = twiddles[t];
    const w1i = twiddles[t + 1];
    const w2r = twiddles[t + 2];
    const w2i = twiddles[t + 3];
    const w3r = twiddles[t + 4];
    const w3i = twiddles[t + 5];
    const from = stride * p;
    const to = 4 * stride * p;
    for (let q = 0; q < stride; q++) {
      const a = from + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const apr = xr[a] + xr[c];
      const api = xi[a] + xi[c];
      const amr = xr[a] - xr[c];
      const ami = xi[a] - xi[c];
      const bpr = xr[b] + xr[d];
      const bpi = xi[b] + xi[d];
      const bmr = xr[b] - xr[d];
      const bmi = xi[b] - xi[d];
      const e = to + q;
      yr[e] = apr + bpr;
      yi[e] = api + bpi;
      const ur = amr + bmi;
      const ui = ami - bmr;
      yr[e + stride] = w1r * ur - w1i * ui;
      yi[e + stride] = w1r * ui + w1i * ur;
      const vr = apr - bpr;
      const vi = api - bpi;
      yr[e + 2 * stride] = w2r * vr - w2i * vi;
      yi[e + 2 * stride] = w2r * vi + w2i * vr;
      const sr = amr - bmi;
      const si = ami + bmr;
      yr[e + 3 * stride] = w3r * sr - w3i * si;
      yi[e + 3 * stride] = w3r * si + w3i * sr;
    }
  }
}

function passTwo(
  { rest, stride, twiddles }: FftPass,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const half = stride * rest;
  for (let p = 0; p < rest; p++) {
    const wr = twiddles[2 * p];
    const wi = twiddles[2 * p + 1];
    for (let q = 0; q < stride; q++) {
      const a = stride * p + q;
      const b = a + half;
      const e = 2 * stride * p + q;
      yr[e] = xr[a] + xr[b];
      yi[e] = xi[a] + xi[b];
      const ur = xr[a] - xr[b];
      const ui = xi[a] - xi[b];
      yr[e + stride] = wr * ur - wi * ui;
      yi[e + stride] = wr * ui + wi * ur;
    }
  }
}

/** sin 120° */
const S = 0.8660254037844386;

function passThree(
  { rest, stride, twiddles }: FftPass,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const third = stride * rest;
  for (let p = 0; p < rest; p++) {
    const t = 4 * p;
    for (let q = 0; q < stride; q++) {
      const a = stride * p + q;
      const b = a + third;
      const c = b + third;
      const sr = xr[b] + xr[c];
      const si = xi[b] + xi[c];
      const dr = S * (xi[b] - xi[c]);
      const di = S * (xr[b] - xr[c]);
      const mr = xr[a] - 0.5 * sr;
      const mi = xi[a] - 0.5 * si;
      let e = 3 * stride * p + q;
      yr[e] = xr[a] + sr;
      yi[e] = xi[a] + si;
      e += stride;
      yr[e] = twiddles[t] * (mr + dr) - twiddles[t + 1] * (mi - di);
      yi[e] = twiddles[t] * (mi - di) + twiddles[t + 1] * (mr + dr);
      e += stride;
      yr[e] = twiddles[t + 2] * (mr - dr) - twiddles[t + 3] * (mi + di);
      yi[e] = twiddles[t + 2] * (mi + di) + twiddles[t + 3] * (mr - dr);
    }
  }
}

/** Cosines and sines of 72° and 144°, as in the WebAssembly twin */
const C1 = 0.30901699437494745;
const C2 = -0.8090169943749475;
const S1 = 0.9510565162951535;
const S2 = 0.5877852522924731;

function passFive(
  { rest, stride, twiddles }: FftPass,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const fifth = stride * rest;
  for (let p = 0; p < rest; p++) {
    const t = 8 * p;
    for (let q = 0; q < stride; q++) {
      const a = stride * p + q;
      const b = a + fifth;
      const c = b + fifth;
      const d = c + fifth;
      const f = d + fifth;
      // sums and differences of the values that stand opposite each other
      const br = xr[b] + xr[f];
      const bi = xi[b] + xi[f];
      const fr = xr[b] - xr[f];
      const fi = xi[b] - xi[f];
      const cr = xr[c] + xr[d];
      const ci = xi[c] + xi[d];
      const dr = xr[c] - xr[d];
      const di = xi[c] - xi[d];
      const nr = xr[a] + C1 * br + C2 * cr;
      const ni = xi[a] + C1 * bi + C2 * ci;
      const mr = xr[a] + C2 * br + C1 * cr;
      const mi = xi[a] + C2 * bi + C1 * ci;
      const kr = S1 * fi + S2 * di;
      const ki = -(S1 * fr + S2 * dr);
      const lr = S2 * fi - S1 * di;
      const li = S1 * dr - S2 * fr;
      let e = 5 * stride * p + q;
      yr[e] = xr[a] + br + cr;
      yi[e] = xi[a] + bi + ci;
      e += stride;
      yr[e] = twiddles[t] * (nr + kr) - twiddles[t + 1] * (ni + ki);
      yi[e] = twiddles[t] * (ni + ki) + twiddles[t + 1] * (nr + kr);
      e += stride;
      yr[e] = twiddles[t + 2] * (mr + lr) - twiddles[t + 3] * (mi + li);
      yi[e] = twiddles[t + 2] * (mi + li) + twiddles[t + 3] * (mr + lr);
      e += stride;
      yr[e] = twiddles[t + 4] * (mr - lr) - twiddles[t + 5] * (mi - li);
      yi[e] = twiddles[t + 4] * (mi - li) + twiddles[t + 5] * (mr - lr);
      e += stride;
      yr[e] = twiddles[t + 6] * (nr - kr) - twiddles[t + 7] * (ni - ki);
      yi[e] = twiddles[t + 6] * (ni - ki) + twiddles[t + 7] * (nr - kr);
    }
  }
}

/** One pass of any radix, by the sum as it is written. */
function passAny(pass: FftPass, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { radix, rest, stride, twiddles } = pass;
  const cos = Float64Array.from({ length: radix }, (_, k) => Math.cos((-2 * Math.PI * k) / radix));
  const sin = Float64Array.from({ length: radix }, (_, k) => Math.sin((-2 * Math.PI * k) / radix));
  for (let p = 0; p < rest; p++) {
    for (let q = 0; q < stride; q++) {
      const from = stride * p + q;
      const to = radix * stride * p + q;
      for (let j = 0; j < radix; j++) {
        let [sumRe, sumIm] = [0, 0];
        for (let k = 0, turn = 0; k < radix; k++) {
          const at = from + k * stride * rest;
          sumRe += xr[at] * cos[turn] - xi[at] * sin[turn];
          sumIm += xr[at] * sin[turn] + xi[at] * cos[turn];
          turn = turn + j >= radix ? turn + j - radix : turn + j;
        }
        const t = 2 * (p * (radix - 1) + j - 1);
        const [wr, wi] = j === 0 ? [1, 0] : [twiddles[t], twiddles[t + 1]];
        yr[to + j * stride] = wr * sumRe - wi * sumIm;
        yi[to + j * stride] = wr * sumIm + wi * sumRe;
      }
    }
  }
}
