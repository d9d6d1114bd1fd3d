// 16-bit words in place, eight at a time: ((word & mask) ^ flip) + add. 1 when an addition overflowed (it wrapped). `bytes` is a
// multiple of 16.

export function shiftWords(from: usize, bytes: i32, mask: i32, flip: i32, add: i32): i32 {
  const m = i16x8.splat(<i16>mask);
  const f = i16x8.splat(<i16>flip);
  const a = i16x8.splat(<i16>add);
  let bad = i16x8.splat(0);
  const end = from + <usize>bytes;
  for (let p = from; p < end; p += 16) {
    const w = v128.xor(v128.and(v128.load(p), m), f);
    const s = i16x8.add(w, a);
    bad = v128.or(bad, v128.xor(s, i16x8.add_sat_s(w, a)));
    v128.store(p, s);
  }
  return v128.any_true(bad) ? 1 : 0;
}
