// Smoothing steps over neighbour lists. Positions are four f32 a vertex (xyz and an unused one), so a neighbour is one load.
// starts: n + 1 u32; list: u32 vertex numbers; still: one byte a vertex, not 0 where it must not move (0 for none at all).

// Counts, then lists the vertices that follow each vertex in its triangles; both sums of the followers and of the
// predecessors are kept apart in `balance` so that the caller can tell where they differ (zeroed by the caller, as starts).
export function countCorners(triangles: usize, corners: i32, starts: usize): void {
  for (let i = 0; i < corners; i++) {
    const at = starts + ((<usize>load<u32>(triangles + (<usize>i << 2))) << 2) + 4;
    store<u32>(at, load<u32>(at) + 1);
  }
}

// @ts-ignore: decorator
@inline
function mix(v: u32): i32 {
  const h = (v ^ (v >> 15)) * 0x2c1b3c6d;
  return <i32>((h ^ (h >> 12)) * 0x297a2d39);
}

// place: a copy of starts that is advanced. Returns 0 when every vertex has as many followers as predecessors, and the same.
export function listFollowers(triangles: usize, corners: i32, place: usize, list: usize, balance: usize, n: i32): u32 {
  for (let i = 0; i < corners; i += 3) {
    const t = triangles + (<usize>i << 2);
    const a = load<u32>(t);
    const b = load<u32>(t, 4);
    const c = load<u32>(t, 8);
    const pa = place + (<usize>a << 2);
    const pb = place + (<usize>b << 2);
    const pc = place + (<usize>c << 2);
    const ia = load<u32>(pa);
    store<u32>(pa, ia + 1);
    store<u32>(list + (<usize>ia << 2), b);
    const ib = load<u32>(pb);
    store<u32>(pb, ib + 1);
    store<u32>(list + (<usize>ib << 2), c);
    const ic = load<u32>(pc);
    store<u32>(pc, ic + 1);
    store<u32>(list + (<usize>ic << 2), a);
    const p = mix(a);
    const q = mix(b);
    const r = mix(c);
    const ba = balance + (<usize>a << 2);
    const bb = balance + (<usize>b << 2);
    const bc = balance + (<usize>c << 2);
    store<i32>(ba, load<i32>(ba) + q - r);
    store<i32>(bb, load<i32>(bb) + r - p);
    store<i32>(bc, load<i32>(bc) + p - q);
  }
  for (let v = 0; v < n; v++) if (load<i32>(balance + (<usize>v << 2)) != 0) return 1;
  return 0;
}

export function packPositions(xyz: usize, n: i32, to: usize): void {
  for (let v = 0; v < n; v++) {
    store<f32>(to, load<f32>(xyz));
    store<f32>(to, load<f32>(xyz, 4), 4);
    store<f32>(to, load<f32>(xyz, 8), 8);
    store<f32>(to, 0, 12);
    xyz += 12;
    to += 16;
  }
}

export function unpackPositions(from: usize, n: i32, xyz: usize): void {
  for (let v = 0; v < n; v++) {
    store<f32>(xyz, load<f32>(from));
    store<f32>(xyz, load<f32>(from, 4), 4);
    store<f32>(xyz, load<f32>(from, 8), 8);
    from += 16;
    xyz += 12;
  }
}

// @ts-ignore: decorator
@inline
function sumOf(from: usize, list: usize, first: u32, last: u32): v128 {
  let at = list + (<usize>first << 2);
  const end = list + (<usize>last << 2);
  let p = f32x4.splat(0);
  let q = f32x4.splat(0);
  for (; at + 8 <= end; at += 8) {
    p = f32x4.add(p, v128.load(from + (<usize>load<u32>(at) << 4)));
    q = f32x4.add(q, v128.load(from + (<usize>load<u32>(at, 4) << 4)));
  }
  if (at < end) p = f32x4.add(p, v128.load(from + (<usize>load<u32>(at) << 4)));
  return f32x4.add(p, q);
}

// to = from + factor * (mean of the neighbours - from)
export function stepTowardsMean(from: usize, to: usize, starts: usize, list: usize, still: usize, n: i32, factor: f32): void {
  let first = load<u32>(starts);
  for (let v = 0; v < n; v++) {
    const last = load<u32>(starts + (<usize>v << 2), 4);
    const here = v128.load(from + (<usize>v << 4));
    if (first == last || (still && load<u8>(still + <usize>v))) v128.store(to + (<usize>v << 4), here);
    else {
      const mean = f32x4.mul(sumOf(from, list, first, last), f32x4.splat(<f32>1 / <f32>(last - first)));
      v128.store(to + (<usize>v << 4), f32x4.add(here, f32x4.mul(f32x4.splat(factor), f32x4.sub(mean, here))));
    }
    first = last;
  }
}

// sum = a * p + b * q
export function startSum(p: usize, q: usize, sum: usize, n: i32, a: f32, b: f32): void {
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  for (let i: usize = 0; i < <usize>n << 4; i += 16) {
    v128.store(sum + i, f32x4.add(f32x4.mul(va, v128.load(p + i)), f32x4.mul(vb, v128.load(q + i))));
  }
}

// before = here + mean of the neighbours - before; sum += weight * before
export function chebyshevStep(before: usize, here: usize, sum: usize, starts: usize, list: usize, still: usize, n: i32, weight: f32): void {
  const vw = f32x4.splat(weight);
  let first = load<u32>(starts);
  for (let v = 0; v < n; v++) {
    const last = load<u32>(starts + (<usize>v << 2), 4);
    const at = <usize>v << 4;
    let x = v128.load(here + at);
    if (first != last && !(still && load<u8>(still + <usize>v))) {
      const mean = f32x4.mul(sumOf(here, list, first, last), f32x4.splat(<f32>1 / <f32>(last - first)));
      x = f32x4.sub(f32x4.add(x, mean), v128.load(before + at));
    }
    v128.store(before + at, x);
    v128.store(sum + at, f32x4.add(v128.load(sum + at), f32x4.mul(vw, x)));
    first = last;
  }
}
