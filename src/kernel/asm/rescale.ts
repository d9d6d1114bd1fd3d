// Stored values to rescaled ones, in place: value * slope + intercept, rounded half up, held within 16 bits.

// slope 1, whole intercept, signed in: a saturating add
export function shiftI16(data: usize, n: i32, offset: i32): void {
  const o = i32x4.splat(offset);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const v = v128.load(data);
    const low = i32x4.add(i32x4.extend_low_i16x8_s(v), o);
    const high = i32x4.add(i32x4.extend_high_i16x8_s(v), o);
    v128.store(data, i16x8.narrow_i32x4_s(low, high));
    data += 16;
  }
  for (; i < n; i++) {
    store<i16>(data, clamp16(<i32>load<i16>(data) + offset));
    data += 2;
  }
}

// slope 1, whole intercept, unsigned in
export function shiftU16(data: usize, n: i32, offset: i32): void {
  const o = i32x4.splat(offset);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const v = v128.load(data);
    const low = i32x4.add(i32x4.extend_low_i16x8_u(v), o);
    const high = i32x4.add(i32x4.extend_high_i16x8_u(v), o);
    v128.store(data, i16x8.narrow_i32x4_s(low, high));
    data += 16;
  }
  for (; i < n; i++) {
    store<i16>(data, clamp16(<i32>load<u16>(data) + offset));
    data += 2;
  }
}

// @ts-ignore: decorator
@inline
function clamp16(v: i32): i16 {
  return <i16>(v < -32768 ? -32768 : v > 32767 ? 32767 : v);
}

// @ts-ignore: decorator
@inline
function scaled(v: v128, slope: v128, intercept: v128): v128 {
  const half = f64x2.splat(0.5);
  const low = f64x2.floor(f64x2.add(f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(v), slope), intercept), half));
  const upper = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  const high = f64x2.floor(f64x2.add(f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(upper), slope), intercept), half));
  const a = i32x4.trunc_sat_f64x2_s_zero(low);
  const b = i32x4.trunc_sat_f64x2_s_zero(high);
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

export function scale16(data: usize, n: i32, signed: i32, slope: f64, intercept: f64): void {
  const s = f64x2.splat(slope);
  const o = f64x2.splat(intercept);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const v = v128.load(data);
    const low = signed ? i32x4.extend_low_i16x8_s(v) : i32x4.extend_low_i16x8_u(v);
    const high = signed ? i32x4.extend_high_i16x8_s(v) : i32x4.extend_high_i16x8_u(v);
    v128.store(data, i16x8.narrow_i32x4_s(scaled(low, s, o), scaled(high, s, o)));
    data += 16;
  }
  for (; i < n; i++) {
    const v = signed ? <f64>load<i16>(data) : <f64>load<u16>(data);
    const r = floor<f64>(v * slope + intercept + 0.5);
    store<i16>(data, <i16>(r < -32768 ? -32768 : r > 32767 ? 32767 : r));
    data += 2;
  }
}
