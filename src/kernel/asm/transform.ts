// Complex transforms of lengths 4 · 2ᵃ 3ᵇ 5ᶜ: Stockham passes of radix 4, 5, 3 and 2 over re and im apart, two f64 at a time.
// A plan: i32 length, i32 number of passes, addresses of samples, weights, turns (cos, then sin, length / 4 + 2 each) and of
// four buffers (re, im, re, im) of length / 2; then for each pass radix, rest, stride and the address of its twiddles.

// Stride 1: four results of a butterfly lie side by side, so two butterflies go together and are taken apart on storing. With
// an odd number of butterflies the last two overlap.
function firstPassFour(rest: i32, w: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const q = <usize>rest << 3;
  for (let i = 0; i < rest; i += 2) {
    const p = min(i, rest - 2);
    const a = <usize>p << 3;
    const t = w + 48 * <usize>p;
    const ar = v128.load(xr + a);
    const ai = v128.load(xi + a);
    const br = v128.load(xr + a + q);
    const bi = v128.load(xi + a + q);
    const cr = v128.load(xr + a + 2 * q);
    const ci = v128.load(xi + a + 2 * q);
    const dr = v128.load(xr + a + 3 * q);
    const di = v128.load(xi + a + 3 * q);
    const apr = f64x2.add(ar, cr);
    const api = f64x2.add(ai, ci);
    const amr = f64x2.sub(ar, cr);
    const ami = f64x2.sub(ai, ci);
    const bpr = f64x2.add(br, dr);
    const bpi = f64x2.add(bi, di);
    const bmr = f64x2.sub(br, dr);
    const bmi = f64x2.sub(bi, di);
    const w0 = v128.load(t);
    const w1 = v128.load(t, 16);
    const w2 = v128.load(t, 32);
    const W0 = v128.load(t, 48);
    const W1 = v128.load(t, 64);
    const W2 = v128.load(t, 80);
    const ur = f64x2.add(amr, bmi);
    const ui = f64x2.sub(ami, bmr);
    let c = v128.shuffle<f64>(w0, W0, 0, 2);
    let s = v128.shuffle<f64>(w0, W0, 1, 3);
    const er = f64x2.add(apr, bpr);
    const ei = f64x2.add(api, bpi);
    const fr = f64x2.sub(f64x2.mul(c, ur), f64x2.mul(s, ui));
    const fi = f64x2.add(f64x2.mul(c, ui), f64x2.mul(s, ur));
    c = v128.shuffle<f64>(w1, W1, 0, 2);
    s = v128.shuffle<f64>(w1, W1, 1, 3);
    const vr = f64x2.sub(apr, bpr);
    const vi = f64x2.sub(api, bpi);
    const gr = f64x2.sub(f64x2.mul(c, vr), f64x2.mul(s, vi));
    const gi = f64x2.add(f64x2.mul(c, vi), f64x2.mul(s, vr));
    c = v128.shuffle<f64>(w2, W2, 0, 2);
    s = v128.shuffle<f64>(w2, W2, 1, 3);
    const sr = f64x2.sub(amr, bmi);
    const si = f64x2.add(ami, bmr);
    const hr = f64x2.sub(f64x2.mul(c, sr), f64x2.mul(s, si));
    const hi = f64x2.add(f64x2.mul(c, si), f64x2.mul(s, sr));
    const r = yr + 4 * a;
    v128.store(r, v128.shuffle<f64>(er, fr, 0, 2));
    v128.store(r, v128.shuffle<f64>(gr, hr, 0, 2), 16);
    v128.store(r, v128.shuffle<f64>(er, fr, 1, 3), 32);
    v128.store(r, v128.shuffle<f64>(gr, hr, 1, 3), 48);
    const m = yi + 4 * a;
    v128.store(m, v128.shuffle<f64>(ei, fi, 0, 2));
    v128.store(m, v128.shuffle<f64>(gi, hi, 0, 2), 16);
    v128.store(m, v128.shuffle<f64>(ei, fi, 1, 3), 32);
    v128.store(m, v128.shuffle<f64>(gi, hi, 1, 3), 48);
  }
}

function passFour(rest: i32, stride: i32, w: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const row = <usize>stride << 3;
  const q = row * <usize>rest;
  for (let p = 0; p < rest; p++) {
    const t = w + 48 * <usize>p;
    const w1r = v128.load64_splat(t);
    const w1i = v128.load64_splat(t, 8);
    const w2r = v128.load64_splat(t, 16);
    const w2i = v128.load64_splat(t, 24);
    const w3r = v128.load64_splat(t, 32);
    const w3i = v128.load64_splat(t, 40);
    let fr = xr + row * p;
    let fi = xi + row * p;
    let tr = yr + 4 * row * p;
    let ti = yi + 4 * row * p;
    const end = fr + row;
    while (fr < end) {
      const ar = v128.load(fr);
      const ai = v128.load(fi);
      const br = v128.load(fr + q);
      const bi = v128.load(fi + q);
      const cr = v128.load(fr + 2 * q);
      const ci = v128.load(fi + 2 * q);
      const dr = v128.load(fr + 3 * q);
      const di = v128.load(fi + 3 * q);
      const apr = f64x2.add(ar, cr);
      const api = f64x2.add(ai, ci);
      const amr = f64x2.sub(ar, cr);
      const ami = f64x2.sub(ai, ci);
      const bpr = f64x2.add(br, dr);
      const bpi = f64x2.add(bi, di);
      const bmr = f64x2.sub(br, dr);
      const bmi = f64x2.sub(bi, di);
      v128.store(tr, f64x2.add(apr, bpr));
      v128.store(ti, f64x2.add(api, bpi));
      const ur = f64x2.add(amr, bmi);
      const ui = f64x2.sub(ami, bmr);
      v128.store(tr + row, f64x2.sub(f64x2.mul(w1r, ur), f64x2.mul(w1i, ui)));
      v128.store(ti + row, f64x2.add(f64x2.mul(w1r, ui), f64x2.mul(w1i, ur)));
      const vr = f64x2.sub(apr, bpr);
      const vi = f64x2.sub(api, bpi);
      v128.store(tr + 2 * row, f64x2.sub(f64x2.mul(w2r, vr), f64x2.mul(w2i, vi)));
      v128.store(ti + 2 * row, f64x2.add(f64x2.mul(w2r, vi), f64x2.mul(w2i, vr)));
      const sr = f64x2.sub(amr, bmi);
      const si = f64x2.add(ami, bmr);
      v128.store(tr + 3 * row, f64x2.sub(f64x2.mul(w3r, sr), f64x2.mul(w3i, si)));
      v128.store(ti + 3 * row, f64x2.add(f64x2.mul(w3r, si), f64x2.mul(w3i, sr)));
      fr += 16;
      fi += 16;
      tr += 16;
      ti += 16;
    }
  }
}

function passTwo(rest: i32, stride: i32, w: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const row = <usize>stride << 3;
  const half = row * <usize>rest;
  for (let p = 0; p < rest; p++) {
    const wr = v128.load64_splat(w + 16 * <usize>p);
    const wi = v128.load64_splat(w + 16 * <usize>p, 8);
    for (let k: usize = 0; k < row; k += 16) {
      const from = row * p + k;
      const to = 2 * row * p + k;
      const ar = v128.load(xr + from);
      const ai = v128.load(xi + from);
      const br = v128.load(xr + from + half);
      const bi = v128.load(xi + from + half);
      v128.store(yr + to, f64x2.add(ar, br));
      v128.store(yi + to, f64x2.add(ai, bi));
      const ur = f64x2.sub(ar, br);
      const ui = f64x2.sub(ai, bi);
      v128.store(yr + to + row, f64x2.sub(f64x2.mul(wr, ur), f64x2.mul(wi, ui)));
      v128.store(yi + to + row, f64x2.add(f64x2.mul(wr, ui), f64x2.mul(wi, ur)));
    }
  }
}

function passThree(rest: i32, stride: i32, w: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const S = f64x2.splat(0.8660254037844386);
  const H = f64x2.splat(0.5);
  const row = <usize>stride << 3;
  const third = row * <usize>rest;
  for (let p = 0; p < rest; p++) {
    const t = w + 32 * <usize>p;
    const w1r = v128.load64_splat(t);
    const w1i = v128.load64_splat(t, 8);
    const w2r = v128.load64_splat(t, 16);
    const w2i = v128.load64_splat(t, 24);
    for (let k: usize = 0; k < row; k += 16) {
      const from = row * p + k;
      const to = 3 * row * p + k;
      const ar = v128.load(xr + from);
      const ai = v128.load(xi + from);
      const br = v128.load(xr + from + third);
      const bi = v128.load(xi + from + third);
      const cr = v128.load(xr + from + 2 * third);
      const ci = v128.load(xi + from + 2 * third);
      const sr = f64x2.add(br, cr);
      const si = f64x2.add(bi, ci);
      const dr = f64x2.mul(S, f64x2.sub(bi, ci));
      const di = f64x2.mul(S, f64x2.sub(br, cr));
      const mr = f64x2.sub(ar, f64x2.mul(H, sr));
      const mi = f64x2.sub(ai, f64x2.mul(H, si));
      v128.store(yr + to, f64x2.add(ar, sr));
      v128.store(yi + to, f64x2.add(ai, si));
      const ur = f64x2.add(mr, dr);
      const ui = f64x2.sub(mi, di);
      v128.store(yr + to + row, f64x2.sub(f64x2.mul(w1r, ur), f64x2.mul(w1i, ui)));
      v128.store(yi + to + row, f64x2.add(f64x2.mul(w1r, ui), f64x2.mul(w1i, ur)));
      const vr = f64x2.sub(mr, dr);
      const vi = f64x2.add(mi, di);
      v128.store(yr + to + 2 * row, f64x2.sub(f64x2.mul(w2r, vr), f64x2.mul(w2i, vi)));
      v128.store(yi + to + 2 * row, f64x2.add(f64x2.mul(w2r, vi), f64x2.mul(w2i, vr)));
    }
  }
}

// @ts-ignore: decorator
@inline
function turned(yr: usize, yi: usize, t: usize, r: v128, i: v128): void {
  const wr = v128.load64_splat(t);
  const wi = v128.load64_splat(t, 8);
  v128.store(yr, f64x2.sub(f64x2.mul(wr, r), f64x2.mul(wi, i)));
  v128.store(yi, f64x2.add(f64x2.mul(wr, i), f64x2.mul(wi, r)));
}

function passFive(rest: i32, stride: i32, w: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const C1 = f64x2.splat(0.30901699437494745);
  const C2 = f64x2.splat(-0.8090169943749475);
  const S1 = f64x2.splat(0.9510565162951535);
  const S2 = f64x2.splat(0.5877852522924731);
  const row = <usize>stride << 3;
  const fifth = row * <usize>rest;
  for (let p = 0; p < rest; p++) {
    const t = w + 64 * <usize>p;
    for (let k: usize = 0; k < row; k += 16) {
      let at = row * p + k;
      const ar = v128.load(xr + at);
      const ai = v128.load(xi + at);
      at += fifth;
      const Br = v128.load(xr + at);
      const Bi = v128.load(xi + at);
      at += fifth;
      const Cr = v128.load(xr + at);
      const Ci = v128.load(xi + at);
      at += fifth;
      const Dr = v128.load(xr + at);
      const Di = v128.load(xi + at);
      at += fifth;
      const Fr = v128.load(xr + at);
      const Fi = v128.load(xi + at);
      const br = f64x2.add(Br, Fr);
      const bi = f64x2.add(Bi, Fi);
      const fr = f64x2.sub(Br, Fr);
      const fi = f64x2.sub(Bi, Fi);
      const cr = f64x2.add(Cr, Dr);
      const ci = f64x2.add(Ci, Di);
      const dr = f64x2.sub(Cr, Dr);
      const di = f64x2.sub(Ci, Di);
      const nr = f64x2.add(f64x2.add(ar, f64x2.mul(C1, br)), f64x2.mul(C2, cr));
      const ni = f64x2.add(f64x2.add(ai, f64x2.mul(C1, bi)), f64x2.mul(C2, ci));
      const mr = f64x2.add(f64x2.add(ar, f64x2.mul(C2, br)), f64x2.mul(C1, cr));
      const mi = f64x2.add(f64x2.add(ai, f64x2.mul(C2, bi)), f64x2.mul(C1, ci));
      const kr = f64x2.add(f64x2.mul(S1, fi), f64x2.mul(S2, di));
      const ki = f64x2.neg(f64x2.add(f64x2.mul(S1, fr), f64x2.mul(S2, dr)));
      const lr = f64x2.sub(f64x2.mul(S2, fi), f64x2.mul(S1, di));
      const li = f64x2.sub(f64x2.mul(S1, dr), f64x2.mul(S2, fr));
      const to = 5 * row * p + k;
      let r = yr + to;
      let m = yi + to;
      v128.store(r, f64x2.add(f64x2.add(ar, br), cr));
      v128.store(m, f64x2.add(f64x2.add(ai, bi), ci));
      r += row;
      m += row;
      turned(r, m, t, f64x2.add(nr, kr), f64x2.add(ni, ki));
      r += row;
      m += row;
      turned(r, m, t + 16, f64x2.add(mr, lr), f64x2.add(mi, li));
      r += row;
      m += row;
      turned(r, m, t + 32, f64x2.sub(mr, lr), f64x2.sub(mi, li));
      r += row;
      m += row;
      turned(r, m, t + 48, f64x2.sub(nr, kr), f64x2.sub(ni, ki));
    }
  }
}

// All passes of a plan; true when the result lies in the second pair of buffers.
export function transform(plan: usize): bool {
  let xr = <usize>load<u32>(plan, 20);
  let xi = <usize>load<u32>(plan, 24);
  let yr = <usize>load<u32>(plan, 28);
  let yi = <usize>load<u32>(plan, 32);
  const passes = load<i32>(plan, 4);
  for (let k = 0; k < passes; k++) {
    const pass = plan + 36 + 16 * <usize>k;
    const radix = load<i32>(pass);
    const rest = load<i32>(pass, 4);
    const stride = load<i32>(pass, 8);
    const w = <usize>load<u32>(pass, 12);
    if (stride == 1) firstPassFour(rest, w, xr, xi, yr, yi);
    else if (radix == 4) passFour(rest, stride, w, xr, xi, yr, yi);
    else if (radix == 5) passFive(rest, stride, w, xr, xi, yr, yi);
    else if (radix == 3) passThree(rest, stride, w, xr, xi, yr, yi);
    else passTwo(rest, stride, w, xr, xi, yr, yi);
    let swap = xr;
    xr = yr;
    yr = swap;
    swap = xi;
    xi = yi;
    yi = swap;
  }
  return (passes & 1) != 0;
}

