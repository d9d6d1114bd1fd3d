// Second-order sections over four parts of a signal at once. The parts lie interleaved, step by step, in `z`: four f64 a
// step. A recurrence has to wait for its own last value, four of them fill the time. Every part but the first starts from
// rest; what the end of the part before would have added is the answer to no input from that state, added afterwards.
// A section is b0 b1 b2 a1 a2; its states are p of the four parts, then q.

const STEPS: i32 = 256;

// @ts-ignore: decorator
@inline
function splat(at: usize): v128 {
  return v128.load64_splat(at);
}

function runPair(from: usize, steps: i32, stride: i32, section: usize, states: usize): void {
  let ap = v128.load(states);
  let Ap = v128.load(states, 16);
  let aq = v128.load(states, 32);
  let Aq = v128.load(states, 48);
  let bp = v128.load(states, 64);
  let Bp = v128.load(states, 80);
  let bq = v128.load(states, 96);
  let Bq = v128.load(states, 112);
  let z = from;
  for (let i = 0; i < steps; i++) {
    const u = v128.load(z);
    const U = v128.load(z, 16);
    const v = f64x2.add(f64x2.mul(splat(section), u), ap);
    const V = f64x2.add(f64x2.mul(splat(section), U), Ap);
    ap = f64x2.sub(f64x2.add(f64x2.mul(splat(section + 8), u), aq), f64x2.mul(splat(section + 24), v));
    Ap = f64x2.sub(f64x2.add(f64x2.mul(splat(section + 8), U), Aq), f64x2.mul(splat(section + 24), V));
    aq = f64x2.sub(f64x2.mul(splat(section + 16), u), f64x2.mul(splat(section + 32), v));
    Aq = f64x2.sub(f64x2.mul(splat(section + 16), U), f64x2.mul(splat(section + 32), V));
    const w = f64x2.add(f64x2.mul(splat(section + 40), v), bp);
    const W = f64x2.add(f64x2.mul(splat(section + 40), V), Bp);
    bp = f64x2.sub(f64x2.add(f64x2.mul(splat(section + 48), v), bq), f64x2.mul(splat(section + 64), w));
    Bp = f64x2.sub(f64x2.add(f64x2.mul(splat(section + 48), V), Bq), f64x2.mul(splat(section + 64), W));
    bq = f64x2.sub(f64x2.mul(splat(section + 56), v), f64x2.mul(splat(section + 72), w));
    Bq = f64x2.sub(f64x2.mul(splat(section + 56), V), f64x2.mul(splat(section + 72), W));
    v128.store(z, w);
    v128.store(z, W, 16);
    z += stride;
  }
  v128.store(states, ap);
  v128.store(states, Ap, 16);
  v128.store(states, aq, 32);
  v128.store(states, Aq, 48);
  v128.store(states, bp, 64);
  v128.store(states, Bp, 80);
  v128.store(states, bq, 96);
  v128.store(states, Bq, 112);
}

function runSingle(from: usize, steps: i32, stride: i32, section: usize, states: usize): void {
  const a0 = splat(section);
  const a1 = splat(section + 8);
  const a2 = splat(section + 16);
  const a3 = splat(section + 24);
  const a4 = splat(section + 32);
  let p = v128.load(states);
  let P = v128.load(states, 16);
  let q = v128.load(states, 32);
  let Q = v128.load(states, 48);
  let z = from;
  for (let i = 0; i < steps; i++) {
    const u = v128.load(z);
    const U = v128.load(z, 16);
    const v = f64x2.add(f64x2.mul(a0, u), p);
    const V = f64x2.add(f64x2.mul(a0, U), P);
    p = f64x2.sub(f64x2.add(f64x2.mul(a1, u), q), f64x2.mul(a3, v));
    P = f64x2.sub(f64x2.add(f64x2.mul(a1, U), Q), f64x2.mul(a3, V));
    q = f64x2.sub(f64x2.mul(a2, u), f64x2.mul(a4, v));
    Q = f64x2.sub(f64x2.mul(a2, U), f64x2.mul(a4, V));
    v128.store(z, v);
    v128.store(z, V, 16);
    z += stride;
  }
  v128.store(states, p);
  v128.store(states, P, 16);
  v128.store(states, q, 32);
  v128.store(states, Q, 48);
}

function runAll(from: usize, steps: i32, stride: i32, sections: usize, count: i32, states: usize): void {
  let k = 0;
  for (; k + 2 <= count; k += 2) runPair(from, steps, stride, sections + 40 * k, states + 64 * k);
  if (k < count) runSingle(from, steps, stride, sections + 40 * k, states + 64 * k);
}

// Steps `first` to `first + steps` of four parts of `length` samples, from x into z.
function interleave(x: usize, z: usize, length: i32, first: i32, steps: i32): void {
  const part = <usize>length << 3;
  let a = x + (<usize>first << 3);
  let to = z + (<usize>first << 5);
  let i = 0;
  for (; i + 2 <= steps; i += 2) {
    const p = v128.load(a);
    const q = v128.load(a + part);
    const r = v128.load(a + 2 * part);
    const s = v128.load(a + 3 * part);
    v128.store(to, v128.shuffle<f64>(p, q, 0, 2));
    v128.store(to, v128.shuffle<f64>(r, s, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(p, q, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(r, s, 1, 3), 48);
    a += 16;
    to += 64;
  }
  if (i < steps) {
    store<f64>(to, load<f64>(a));
    store<f64>(to, load<f64>(a + part), 8);
    store<f64>(to, load<f64>(a + 2 * part), 16);
    store<f64>(to, load<f64>(a + 3 * part), 24);
  }
}

// The way back.
function separate(z: usize, x: usize, length: i32, first: i32, steps: i32): void {
  const part = <usize>length << 3;
  let a = x + (<usize>first << 3);
  let from = z + (<usize>first << 5);
  let i = 0;
  for (; i + 2 <= steps; i += 2) {
    const p = v128.load(from);
    const q = v128.load(from, 16);
    const r = v128.load(from, 32);
    const s = v128.load(from, 48);
    v128.store(a, v128.shuffle<f64>(p, r, 0, 2));
    v128.store(a + part, v128.shuffle<f64>(p, r, 1, 3));
    v128.store(a + 2 * part, v128.shuffle<f64>(q, s, 0, 2));
    v128.store(a + 3 * part, v128.shuffle<f64>(q, s, 1, 3));
    a += 16;
    from += 64;
  }
  if (i < steps) {
    store<f64>(a, load<f64>(from));
    store<f64>(a + part, load<f64>(from, 8));
    store<f64>(a + 2 * part, load<f64>(from, 16));
    store<f64>(a + 3 * part, load<f64>(from, 24));
  }
}

// Four parts of x, `length` samples each, through the sections into z.
export function filterForwards(x: usize, z: usize, length: i32, sections: usize, count: i32, states: usize): void {
  for (let first = 0; first < length; first += STEPS) {
    const steps = min(STEPS, length - first);
    interleave(x, z, length, first, steps);
    runAll(z + (<usize>first << 5), steps, 32, sections, count, states);
  }
}

// The parts in z backwards through the sections, then into x.
export function filterBackwards(z: usize, x: usize, length: i32, sections: usize, count: i32, states: usize): void {
  for (let last = length; last > 0; last -= STEPS) {
    const steps = min(STEPS, last);
    runAll(z + (<usize>(last - 1) << 5), steps, -32, sections, count, states);
    separate(z, x, length, last - steps, steps);
  }
}

// Back into x without another pass.
export function separateParts(z: usize, x: usize, length: i32): void {
  for (let first = 0; first < length; first += STEPS) separate(z, x, length, first, min(STEPS, length - first));
}

// Adds to every part what its states answer to no input, until all are below `least`, and then sets them to zero. Forwards
// it adds to the interleaved parts at `data`, backwards to the parts one after the other.
export function filterSettle(
  data: usize, length: i32, sections: usize, count: i32, states: usize, room: usize, backwards: i32, least: f64,
): void {
  const zero = f64x2.splat(0);
  const limit = f64x2.splat(least);
  const part = <usize>length << 3;
  for (let first = 0; first < length; first += STEPS) {
    const steps = min(STEPS, length - first);
    for (let i = 0; i < steps << 5; i += 16) v128.store(room + i, zero);
    runAll(room, steps, 32, sections, count, states);
    if (backwards) {
      let a = data + (<usize>(length - 1 - first) << 3);
      for (let from = room; from < room + (<usize>steps << 5); from += 32) {
        store<f64>(a, load<f64>(a) + load<f64>(from));
        store<f64>(a + part, load<f64>(a + part) + load<f64>(from, 8));
        store<f64>(a + 2 * part, load<f64>(a + 2 * part) + load<f64>(from, 16));
        store<f64>(a + 3 * part, load<f64>(a + 3 * part) + load<f64>(from, 24));
        a -= 8;
      }
    } else {
      const a = data + (<usize>first << 5);
      for (let i = 0; i < steps << 5; i += 16) v128.store(a + i, f64x2.add(v128.load(a + i), v128.load(room + i)));
    }
    let large = zero;
    for (let i = 0; i < count << 6; i += 16) large = v128.or(large, f64x2.ge(f64x2.abs(v128.load(states + i)), limit));
    if (!v128.any_true(large)) {
      for (let i = 0; i < count << 6; i += 16) v128.store(states + i, zero);
      return;
    }
  }
}
