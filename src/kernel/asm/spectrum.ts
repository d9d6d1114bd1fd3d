// Power of one segment: mean taken out, weighted, a real transform of even length by a complex one of half the length, operation
// by operation as the TypeScript twin does it, so that the bits agree.
import { transform } from './transform';

// Sum of the samples, four at a time.
function sumOf(x: usize, length: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  for (let end = x + (<usize>length << 3); x < end; x += 32) {
    a = f64x2.add(a, v128.load(x));
    b = f64x2.add(b, v128.load(x, 16));
  }
  a = f64x2.add(a, b);
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

// Power of the samples of the plan times `scale`, twice that between the ends, to `out`; added to what is there when `add`. With
// `segment` their mean over that many samples is taken out first. False, and nothing done, when they are not all finite.
export function segmentPower(plan: usize, segment: i32, scale: f64, out: usize, add: i32): i32 {
  const length = load<i32>(plan);
  const x = <usize>load<u32>(plan, 8);
  const weights = <usize>load<u32>(plan, 12);
  const turns = <usize>load<u32>(plan, 16);
  let zr = <usize>load<u32>(plan, 20);
  let zi = <usize>load<u32>(plan, 24);
  const sum = sumOf(x, length);
  if (!isFinite<f64>(sum)) return 0;
  const mean = f64x2.splat(segment ? sum / <f64>segment : 0);
  const half = length >> 1;
  for (let i: usize = 0; i < <usize>half << 3; i += 16) {
    const a = f64x2.mul(f64x2.sub(v128.load(x + 2 * i), mean), v128.load(weights + 2 * i));
    const b = f64x2.mul(f64x2.sub(v128.load(x + 2 * i, 16), mean), v128.load(weights + 2 * i, 16));
    v128.store(zr + i, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(zi + i, v128.shuffle<f64>(a, b, 1, 3));
  }
  if (transform(plan)) {
    zr = <usize>load<u32>(plan, 28);
    zi = <usize>load<u32>(plan, 32);
  }
  const first = load<f64>(zr) + load<f64>(zi);
  const last = load<f64>(zr) - load<f64>(zi);
  const far = out + (<usize>half << 3);
  store<f64>(out, (add ? load<f64>(out) : 0) + first * first * scale);
  store<f64>(far, (add ? load<f64>(far) : 0) + last * last * scale);
  // sums and differences are twice those of the definition, their squares four times; between the ends power counts twice
  const factor = f64x2.splat(scale / 2);
  const sines = turns + ((<usize>half << 2) + 16);
  const middle = half >> 1;
  let near = f64x2.splat(0);
  let opposite = f64x2.splat(0);
  let centre: f64 = add ? load<f64>(out + (<usize>middle << 3)) : 0;
  for (let k = 1; k <= middle; k += 2) {
    const i = <usize>k << 3;
    const j = <usize>(half - k - 1) << 3;
    const c = v128.load(turns + i);
    const s = v128.load(sines + i);
    const ar = v128.load(zr + i);
    const ai = v128.load(zi + i);
    let br = v128.load(zr + j);
    let bi = v128.load(zi + j);
    br = v128.shuffle<f64>(br, br, 1, 0);
    bi = v128.shuffle<f64>(bi, bi, 1, 0);
    const er = f64x2.add(ar, br);
    const ei = f64x2.sub(ai, bi);
    const or = f64x2.add(ai, bi);
    const oi = f64x2.sub(br, ar);
    const tr = f64x2.sub(f64x2.mul(c, or), f64x2.mul(s, oi));
    const ti = f64x2.add(f64x2.mul(c, oi), f64x2.mul(s, or));
    let re = f64x2.add(er, tr);
    let im = f64x2.add(ei, ti);
    near = f64x2.mul(f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im)), factor);
    re = f64x2.sub(er, tr);
    im = f64x2.sub(ti, ei);
    opposite = f64x2.mul(f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im)), factor);
    opposite = v128.shuffle<f64>(opposite, opposite, 1, 0);
    if (add) {
      v128.store(out + i, f64x2.add(v128.load(out + i), near));
      v128.store(out + j, f64x2.add(v128.load(out + j), opposite));
    } else {
      v128.store(out + i, near);
      v128.store(out + j, opposite);
    }
  }
  // the middle was met from both sides
  store<f64>(out + (<usize>middle << 3), centre + f64x2.extract_lane(opposite, 0));
  return 1;
}

// Sum, first moment in steps and the place at which half of the sum is reached, of bins `from` to `to`, both included.
export function bandNumbers(power: usize, from: i32, to: i32, out: usize): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  let k = from;
  let place = f64x2.add(f64x2.splat(<f64>k), f64x2.replace_lane(f64x2.splat(0), 1, 1));
  const two = f64x2.splat(2);
  for (; k + 4 <= to + 1; k += 4) {
    const at = power + (<usize>k << 3);
    const v = v128.load(at);
    a = f64x2.add(a, v);
    p = f64x2.add(p, f64x2.mul(place, v));
    place = f64x2.add(place, two);
    const w = v128.load(at, 16);
    b = f64x2.add(b, w);
    q = f64x2.add(q, f64x2.mul(place, w));
    place = f64x2.add(place, two);
  }
  a = f64x2.add(a, b);
  p = f64x2.add(p, q);
  let total = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  let moment = f64x2.extract_lane(p, 0) + f64x2.extract_lane(p, 1);
  for (; k <= to; k++) {
    const v = load<f64>(power + (<usize>k << 3));
    total += v;
    moment += <f64>k * v;
  }
  store<f64>(out, total);
  store<f64>(out, moment, 8);
  const half = total / 2;
  let below: f64 = 0;
  let median: f64 = <f64>to;
  for (k = from; k <= to; k++) {
    const v = load<f64>(power + (<usize>k << 3));
    const next = below + v;
    if (next < half) below = next;
    else {
      median = <f64>k - 0.5 + (half - below) / v;
      break;
    }
  }
  store<f64>(out, median, 16);
}
