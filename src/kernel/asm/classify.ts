// Marks low <= value <= high, one bit a voxel: 32 voxels become one word by comparing whole vectors and narrowing the masks.
// Rows of the answer start every `stride` bytes. Read-bound: about one pass over the data.

// @ts-ignore: decorator
@inline
function tail<T>(src: usize, n: i32, low: T, high: T): u32 {
  let word: u32 = 0;
  for (let b = 0; b < n; b++) {
    const v = load<T>(src + (<usize>b) * sizeof<T>());
    word |= u32(v >= low && v <= high) << b;
  }
  return word;
}

export function classifyI16(src: usize, dst: usize, nx: i32, rows: i32, stride: usize, low: i32, high: i32): void {
  const l = i16x8.splat(<i16>low);
  const h = i16x8.splat(<i16>high);
  const whole = nx >> 5;
  const rest = nx & 31;
  const oneSided = high == 32767;
  for (let r = 0; r < rows; r++) {
    let out = dst;
    if (oneSided) {
      for (let w = 0; w < whole; w++) {
        const a = i16x8.ge_s(v128.load(src), l);
        const b = i16x8.ge_s(v128.load(src, 16), l);
        const c = i16x8.ge_s(v128.load(src, 32), l);
        const d = i16x8.ge_s(v128.load(src, 48), l);
        const p = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
        const q = i8x16.bitmask(i8x16.narrow_i16x8_s(c, d));
        store<u32>(out, p | (q << 16));
        src += 64;
        out += 4;
      }
    } else {
      for (let w = 0; w < whole; w++) {
        const va = v128.load(src);
        const vb = v128.load(src, 16);
        const vc = v128.load(src, 32);
        const vd = v128.load(src, 48);
        const a = v128.and(i16x8.ge_s(va, l), i16x8.le_s(va, h));
        const b = v128.and(i16x8.ge_s(vb, l), i16x8.le_s(vb, h));
        const c = v128.and(i16x8.ge_s(vc, l), i16x8.le_s(vc, h));
        const d = v128.and(i16x8.ge_s(vd, l), i16x8.le_s(vd, h));
        const p = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
        const q = i8x16.bitmask(i8x16.narrow_i16x8_s(c, d));
        store<u32>(out, p | (q << 16));
        src += 64;
        out += 4;
      }
    }
    if (rest) {
      store<u32>(out, tail<i16>(src, rest, <i16>low, <i16>high));
      src += (<usize>rest) << 1;
    }
    dst += stride;
  }
}

export function classifyU16(src: usize, dst: usize, nx: i32, rows: i32, stride: usize, low: u32, high: u32): void {
  const l = u16x8_splat(<u16>low);
  const h = u16x8_splat(<u16>high);
  const whole = nx >> 5;
  const rest = nx & 31;
  for (let r = 0; r < rows; r++) {
    let out = dst;
    for (let w = 0; w < whole; w++) {
      const va = v128.load(src);
      const vb = v128.load(src, 16);
      const vc = v128.load(src, 32);
      const vd = v128.load(src, 48);
      const a = v128.and(i16x8.ge_u(va, l), i16x8.le_u(va, h));
      const b = v128.and(i16x8.ge_u(vb, l), i16x8.le_u(vb, h));
      const c = v128.and(i16x8.ge_u(vc, l), i16x8.le_u(vc, h));
      const d = v128.and(i16x8.ge_u(vd, l), i16x8.le_u(vd, h));
      const p = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
      const q = i8x16.bitmask(i8x16.narrow_i16x8_s(c, d));
      store<u32>(out, p | (q << 16));
      src += 64;
      out += 4;
    }
    if (rest) {
      store<u32>(out, tail<u16>(src, rest, <u16>low, <u16>high));
      src += (<usize>rest) << 1;
    }
    dst += stride;
  }
}

// @ts-ignore: decorator
@inline
function u16x8_splat(v: u16): v128 {
  return i16x8.splat(<i16>v);
}

export function classifyU8(src: usize, dst: usize, nx: i32, rows: i32, stride: usize, low: u32, high: u32): void {
  const l = i8x16.splat(<i8>low);
  const h = i8x16.splat(<i8>high);
  const whole = nx >> 5;
  const rest = nx & 31;
  for (let r = 0; r < rows; r++) {
    let out = dst;
    for (let w = 0; w < whole; w++) {
      const va = v128.load(src);
      const vb = v128.load(src, 16);
      const p = i8x16.bitmask(v128.and(i8x16.ge_u(va, l), i8x16.le_u(va, h)));
      const q = i8x16.bitmask(v128.and(i8x16.ge_u(vb, l), i8x16.le_u(vb, h)));
      store<u32>(out, p | (q << 16));
      src += 32;
      out += 4;
    }
    if (rest) {
      store<u32>(out, tail<u8>(src, rest, <u8>low, <u8>high));
      src += <usize>rest;
    }
    dst += stride;
  }
}

export function classifyF32(src: usize, dst: usize, nx: i32, rows: i32, stride: usize, low: f32, high: f32): void {
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  const whole = nx >> 5;
  const rest = nx & 31;
  for (let r = 0; r < rows; r++) {
    let out = dst;
    for (let w = 0; w < whole; w++) {
      let word: u32 = 0;
      for (let k = 0; k < 2; k++) {
        const va = v128.load(src);
        const vb = v128.load(src, 16);
        const vc = v128.load(src, 32);
        const vd = v128.load(src, 48);
        const a = v128.and(f32x4.ge(va, l), f32x4.le(va, h));
        const b = v128.and(f32x4.ge(vb, l), f32x4.le(vb, h));
        const c = v128.and(f32x4.ge(vc, l), f32x4.le(vc, h));
        const d = v128.and(f32x4.ge(vd, l), f32x4.le(vd, h));
        const m = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
        word |= i8x16.bitmask(m) << (k << 4);
        src += 64;
      }
      store<u32>(out, word);
      out += 4;
    }
    if (rest) {
      store<u32>(out, tail<f32>(src, rest, low, high));
      src += (<usize>rest) << 2;
    }
    dst += stride;
  }
}
