// Dynamic time warping of two sequences of vectors: the costs of a row four at a time, then the sums along it. Vectors have an even
// number of components (a zero is added to odd ones). Operation by operation as the TypeScript twin: even and odd components are
// summed apart.

// @ts-ignore: decorator
@inline
function term(a: v128, b: v128, chi: bool): v128 {
  const gap = f64x2.sub(a, b);
  if (!chi) return f64x2.mul(gap, gap);
  const both = f64x2.add(a, b);
  return v128.and(f64x2.gt(both, f64x2.splat(0)), f64x2.div(f64x2.mul(gap, gap), both));
}

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
function costs(a: usize, b: usize, bytes: usize, n: i32, out: usize, chi: bool): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let k: usize = 0; k < bytes; k += 16) {
      const v = v128.load(a + k);
      const at = b + k;
      s0 = f64x2.add(s0, term(v, v128.load(at), chi));
      s1 = f64x2.add(s1, term(v, v128.load(at + bytes), chi));
      s2 = f64x2.add(s2, term(v, v128.load(at + 2 * bytes), chi));
      s3 = f64x2.add(s3, term(v, v128.load(at + 3 * bytes), chi));
    }
    store<f64>(out, total(s0));
    store<f64>(out, total(s1), 8);
    store<f64>(out, total(s2), 16);
    store<f64>(out, total(s3), 24);
    out += 32;
    b += 4 * bytes;
  }
  for (; j < n; j++) {
    let s = f64x2.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) s = f64x2.add(s, term(v128.load(a + k), v128.load(b + k), chi));
    store<f64>(out, total(s));
    out += 8;
    b += bytes;
  }
}

// kind: 0 sum of squares, 1 its root, 2 half the chi-square distance. `rows` has room for three rows of m + 1 and two more.
// Infinity as soon as every path costs more than `limit`.
export function warp(a: usize, n: i32, b: usize, m: i32, dims: i32, half: i32, kind: i32, limit: f64, rows: usize): f64 {
  const bytes = <usize>dims << 3;
  const row8 = <usize>(m + 2) << 3;
  let before = rows;
  let row = rows + row8;
  const cost = rows + 2 * row8;
  for (let j = 0; j <= m; j++) store<f64>(before + (<usize>j << 3), Infinity);
  store<f64>(before, 0);
  for (let i = 1; i <= n; i++) {
    const centre = <i32>((<i64>i * <i64>m) / <i64>n);
    const from = max(1, centre - half);
    const to = min(m, centre + half);
    const count = to - from + 1;
    const at = a + bytes * <usize>(i - 1);
    const other = b + bytes * <usize>(from - 1);
    if (kind == 2) costs(at, other, bytes, count, cost, true);
    else costs(at, other, bytes, count, cost, false);
    if (kind == 1) {
      for (let j: usize = 0; j < <usize>count << 3; j += 16) v128.store(cost + j, f64x2.sqrt(v128.load(cost + j)));
    }
    const scale: f64 = kind == 2 ? 0.5 : 1;
    for (let j = 0; j < from; j++) store<f64>(row + (<usize>j << 3), Infinity);
    for (let j = to + 1; j <= m; j++) store<f64>(row + (<usize>j << 3), Infinity);
    let left = f64x2.splat(Infinity);
    let least = left;
    let above = before + (<usize>from << 3);
    let here = row + (<usize>from << 3);
    for (let j = 0; j < count; j++) {
      const past = f64x2.pmin(v128.load64_zero(above - 8), v128.load64_zero(above));
      const step = f64x2.splat(load<f64>(cost + (<usize>j << 3)) * scale);
      left = f64x2.add(step, f64x2.pmin(past, left));
      least = f64x2.pmin(least, left);
      store<f64>(here, f64x2.extract_lane(left, 0));
      above += 8;
      here += 8;
    }
    if (f64x2.extract_lane(least, 0) > limit) return Infinity;
    const swap = before;
    before = row;
    row = swap;
  }
  return load<f64>(before + (<usize>m << 3));
}
