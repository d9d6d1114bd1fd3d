// The passes of the isosurface after classification, one slice at a time, on rows of 64-bit words.
// The bit grid has a frame of zero rows: row (j, k) begins at words + ((j + 1) + (ny + 2) * (k + 1)) * stride, stride in bytes.
// first: three u32 per row (j, k) of a (ny + 1)-row slice: first vertex on its x-, y- and z-edges.

const MARGIN: f64 = 1.0 / 1024.0;

// @ts-ignore: decorator
@inline
function rowAt(words: usize, ny: i32, stride: usize, j: i32, k: i32): usize {
  return words + (<usize>(j + 1) + <usize>(ny + 2) * <usize>(k + 1)) * stride;
}

// Numbers the crossed edges of slice k, starting at `total`; returns the number after the last one.
export function countSlice(words: usize, first: usize, xMask: usize, ny: i32, stride: usize, k: i32, closed: i32, total: u32): u32 {
  const jEnd = closed ? ny : ny - 1;
  const zKeep: u64 = closed || k > 0 ? ~0 : 0;
  let f = first + 12 * (<usize>(ny + 1) * <usize>k);
  for (let j = 0; j <= jEnd; j++) {
    const here = rowAt(words, ny, stride, j, k);
    const under = rowAt(words, ny, stride, j, k - 1);
    const below = here - stride;
    const yKeep: u64 = closed || j > 0 ? ~0 : 0;
    let nX: u32 = 0;
    let nY: u32 = 0;
    let nZ: u32 = 0;
    let carry: u64 = 0;
    for (let w: usize = 0; w < stride; w += 8) {
      const a = load<u64>(here + w);
      const x = ((a << 1) | carry) ^ a;
      carry = a >> 63;
      const y = a ^ load<u64>(below + w);
      const z = a ^ load<u64>(under + w);
      if ((x | y | z) == 0) continue;
      nX += <u32>popcnt<u64>(x & load<u64>(xMask + w));
      nY += <u32>popcnt<u64>(y & yKeep);
      nZ += <u32>popcnt<u64>(z & zKeep);
    }
    store<u32>(f, total);
    store<u32>(f, total + nX, 4);
    store<u32>(f, total + nX + nY, 8);
    total += nX + nY + nZ;
    f += 12;
  }
  return total;
}

// @ts-ignore: decorator
@inline
function crossing(a: f64, b: f64, level: f64): f64 {
  const t = (level - a) / (b - a);
  return t >= MARGIN ? (t <= 1.0 - MARGIN ? t : 1.0 - MARGIN) : t < MARGIN ? MARGIN : 0.5;
}

// Crossing between a border voxel and what lies outside; NaN outside means a flat cap half way.
// @ts-ignore: decorator
@inline
function cap(inside: f64, outside: f64, level: f64, rising: bool): f64 {
  if (!(outside < level)) return 0.5;
  return rising ? crossing(outside, inside, level) : crossing(inside, outside, level);
}

// @ts-ignore: decorator
@inline
function put(at: usize, x: f64, y: f64, z: f64): void {
  store<f32>(at, <f32>x);
  store<f32>(at, <f32>y, 4);
  store<f32>(at, <f32>z, 8);
}

// Positions of the vertices of slice k, xyz as f32, to `out` (vertex `from` first). `upper` is the address of slice k of
// the data, `lower` that of slice k - 1.
// @ts-ignore: decorator
@inline
function placeSlice<T>(
  words: usize, first: usize, xMask: usize, nx: i32, ny: i32, nz: i32, stride: usize, k: i32, closed: i32,
  lower: usize, upper: usize, level: f64, outside: f64, out: usize, from: u32,
): void {
  const jEnd = closed ? ny : ny - 1;
  const hasZ = closed || k > 0;
  const zf = <f64>k;
  const row = (<usize>nx) * sizeof<T>();
  for (let j = 0; j <= jEnd; j++) {
    const f = first + 12 * (<usize>j + <usize>(ny + 1) * <usize>k);
    let atX = out + 12 * <usize>(load<u32>(f) - from);
    let atY = out + 12 * <usize>(load<u32>(f, 4) - from);
    let atZ = out + 12 * <usize>(load<u32>(f, 8) - from);
    const here = rowAt(words, ny, stride, j, k);
    const under = rowAt(words, ny, stride, j, k - 1);
    const below = here - stride;
    const hasY = closed || j > 0;
    const base = upper + <usize>j * row;
    const down = lower + <usize>j * row;
    const yf = <f64>j;
    let carry: u64 = 0;
    for (let w: usize = 0; w < stride; w += 8) {
      const a = load<u64>(here + w);
      let x = (((a << 1) | carry) ^ a) & load<u64>(xMask + w);
      carry = a >> 63;
      let y = hasY ? a ^ load<u64>(below + w) : 0;
      let z = hasZ ? a ^ load<u64>(under + w) : 0;
      if ((x | y | z) == 0) continue;
      const column = <i32>(w << 3);
      while (x != 0) {
        const c = column + <i32>ctz<u64>(x);
        x &= x - 1;
        const p = base + <usize>c * sizeof<T>();
        let t: f64;
        if (c > 0 && c < nx) t = crossing(<f64>load<T>(p - sizeof<T>()), <f64>load<T>(p), level);
        else if (c == 0) t = cap(<f64>load<T>(p), outside, level, true);
        else t = cap(<f64>load<T>(p - sizeof<T>()), outside, level, false);
        put(atX, <f64>(c - 1) + t, yf, zf);
        atX += 12;
      }
      while (y != 0) {
        const c = column + <i32>ctz<u64>(y);
        y &= y - 1;
        const p = base + <usize>c * sizeof<T>();
        let t: f64;
        if (j > 0 && j < ny) t = crossing(<f64>load<T>(p - row), <f64>load<T>(p), level);
        else if (j == 0) t = cap(<f64>load<T>(p), outside, level, true);
        else t = cap(<f64>load<T>(p - row), outside, level, false);
        put(atY, <f64>c, yf - 1.0 + t, zf);
        atY += 12;
      }
      while (z != 0) {
        const c = column + <i32>ctz<u64>(z);
        z &= z - 1;
        const p = base + <usize>c * sizeof<T>();
        const q = down + <usize>c * sizeof<T>();
        let t: f64;
        if (k > 0 && k < nz) t = crossing(<f64>load<T>(q), <f64>load<T>(p), level);
        else if (k == 0) t = cap(<f64>load<T>(p), outside, level, true);
        else t = cap(<f64>load<T>(q), outside, level, false);
        put(atZ, <f64>c, yf, zf - 1.0 + t);
        atZ += 12;
      }
    }
  }
}

export function placeSliceI16(
  words: usize, first: usize, xMask: usize, nx: i32, ny: i32, nz: i32, stride: usize, k: i32, closed: i32,
  lower: usize, upper: usize, level: f64, outside: f64, out: usize, from: u32,
): void {
  placeSlice<i16>(words, first, xMask, nx, ny, nz, stride, k, closed, lower, upper, level, outside, out, from);
}

export function placeSliceU16(
  words: usize, first: usize, xMask: usize, nx: i32, ny: i32, nz: i32, stride: usize, k: i32, closed: i32,
  lower: usize, upper: usize, level: f64, outside: f64, out: usize, from: u32,
): void {
  placeSlice<u16>(words, first, xMask, nx, ny, nz, stride, k, closed, lower, upper, level, outside, out, from);
}

export function placeSliceU8(
  words: usize, first: usize, xMask: usize, nx: i32, ny: i32, nz: i32, stride: usize, k: i32, closed: i32,
  lower: usize, upper: usize, level: f64, outside: f64, out: usize, from: u32,
): void {
  placeSlice<u8>(words, first, xMask, nx, ny, nz, stride, k, closed, lower, upper, level, outside, out, from);
}

export function placeSliceF32(
  words: usize, first: usize, xMask: usize, nx: i32, ny: i32, nz: i32, stride: usize, k: i32, closed: i32,
  lower: usize, upper: usize, level: f64, outside: f64, out: usize, from: u32,
): void {
  placeSlice<f32>(words, first, xMask, nx, ny, nz, stride, k, closed, lower, upper, level, outside, out, from);
}

// Triangles of the cells between slices k - 1 and k, three u32 each, to `out`; returns how many numbers were written.
// tables: 256 counts, then 256 u16 masks of cut edges, then 256 × 16 edge numbers; ids: room for 12 u32.
export function connectSlice(
  words: usize, first: usize, xMask: usize, tables: usize, ids: usize, ny: i32, stride: usize, k: i32, closed: i32, out: usize,
): u32 {
  const begin = out;
  const jEnd = closed ? ny : ny - 1;
  const slice: usize = 12 * <usize>(ny + 1);
  for (let j = closed ? 0 : 1; j <= jEnd; j++) {
    const rowA = rowAt(words, ny, stride, j - 1, k - 1);
    const rowB = rowA + stride;
    const rowC = rowAt(words, ny, stride, j - 1, k);
    const rowD = rowC + stride;
    const f = first + 12 * (<usize>j + <usize>(ny + 1) * <usize>k);
    let started = false;
    let x0: u32 = 0, x1: u32 = 0, x2: u32 = 0, x3: u32 = 0;
    let y0: u32 = 0, y1: u32 = 0, z0: u32 = 0, z1: u32 = 0;
    let ca: u64 = 0, cb: u64 = 0, cc: u64 = 0, cd: u64 = 0;
    for (let w: usize = 0; w < stride; w += 8) {
      const a = load<u64>(rowA + w);
      const b = load<u64>(rowB + w);
      const c = load<u64>(rowC + w);
      const d = load<u64>(rowD + w);
      const any = a | b | c | d;
      const all = a & b & c & d;
      const aPrev = (a << 1) | ca;
      const bPrev = (b << 1) | cb;
      const cPrev = (c << 1) | cc;
      const dPrev = (d << 1) | cd;
      ca = a >> 63;
      cb = b >> 63;
      cc = c >> 63;
      cd = d >> 63;
      let active = (any | aPrev | bPrev | cPrev | dPrev) & ~(all & aPrev & bPrev & cPrev & dPrev) & load<u64>(xMask + w);
      if (active == 0) continue;
      if (!started) {
        started = true;
        x3 = load<u32>(f);
        y1 = load<u32>(f, 4);
        z1 = load<u32>(f, 8);
        if (j > 0) {
          x2 = load<u32>(f - 12);
          z0 = load<u32>(f - 4);
        }
        if (k > 0) {
          x1 = load<u32>(f - slice);
          y0 = load<u32>(f - slice + 4);
          if (j > 0) x0 = load<u32>(f - slice - 12);
        }
      }
      while (active != 0) {
        const s = ctz<u64>(active);
        active &= active - 1;
        const kind: u32 =
          (<u32>(aPrev >> s) & 1) | ((<u32>(a >> s) & 1) << 1) | ((<u32>(bPrev >> s) & 1) << 2) | ((<u32>(b >> s) & 1) << 3) |
          ((<u32>(cPrev >> s) & 1) << 4) | ((<u32>(c >> s) & 1) << 5) | ((<u32>(dPrev >> s) & 1) << 6) | ((<u32>(d >> s) & 1) << 7);
        const m = <u32>load<u16>(tables + 256 + (<usize>kind << 1));
        store<u32>(ids, x0);
        store<u32>(ids, x1, 4);
        store<u32>(ids, x2, 8);
        store<u32>(ids, x3, 12);
        x0 += m & 1;
        x1 += (m >> 1) & 1;
        x2 += (m >> 2) & 1;
        x3 += (m >> 3) & 1;
        store<u32>(ids, y0, 16);
        store<u32>(ids, y1, 24);
        store<u32>(ids, z0, 32);
        store<u32>(ids, z1, 40);
        y0 += (m >> 4) & 1;
        y1 += (m >> 6) & 1;
        z0 += (m >> 8) & 1;
        z1 += (m >> 10) & 1;
        store<u32>(ids, y0, 20);
        store<u32>(ids, y1, 28);
        store<u32>(ids, z0, 36);
        store<u32>(ids, z1, 44);
        let t = tables + 768 + (<usize>kind << 4);
        const last = t + 3 * <usize>load<u8>(tables + <usize>kind);
        while (t < last) {
          store<u32>(out, load<u32>(ids + (<usize>load<u8>(t) << 2)));
          store<u32>(out, load<u32>(ids + (<usize>load<u8>(t, 1) << 2)), 4);
          store<u32>(out, load<u32>(ids + (<usize>load<u8>(t, 2) << 2)), 8);
          out += 12;
          t += 3;
        }
      }
    }
  }
  return <u32>((out - begin) >> 2);
}
