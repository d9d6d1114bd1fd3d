/**
 * Nodes linked as rigidly as possible (Sorkine & Alexa 2007), the moving part of `estimateCloudFlow`: places by conjugate gradients with
 * the diagonal as preconditioner, rotations turned on from where they were. O(nodes + links) a step.
 *
 * A round starts from the places and rotations of the last, so both stop early: places when the error is a hundredth of what it was,
 * rotations at a thousandth of a radian.
 */

/** Nodes with their links and where they have gone. */
export interface Net {
  readonly count: number;
  readonly rest: Float32Array;
  /** two nodes a link · shape [2E] */
  readonly links: Int32Array;
  readonly weights: Float64Array;
  readonly place: Float64Array;
  /** rotation of each node · row-major · shape [9N] */
  readonly turn: Float64Array;
  readonly room: Room;
}

/** What draws the nodes: for each the weight and the weighted sum of the targets it explains. */
export interface Pull {
  readonly weight: Float64Array;
  readonly sum: Float64Array;
}

/** Numbers that are needed again in every round. */
interface Room {
  /** each link as the rotations of its two nodes would have it · shape [3E] */
  readonly wanted: Float64Array;
  readonly scatter: Float64Array;
  readonly error: Float64Array;
  readonly product: Float64Array;
  readonly direction: Float64Array;
  readonly inverse: Float64Array;
}

/** Most steps towards places that balance, and the share of the squared error that may stay. */
const STEPS = 20;
const SETTLE_ENOUGH = 1e-3;
/** Rotations are turned no further than this · rad */
const TURN_ENOUGH = 1e-3;

/** Room for a net. */
export function roomFor(nodes: number, links: number): Room {
  const of = (n: number) => new Float64Array(n);
  return {
    wanted: of(3 * links),
    scatter: of(9 * nodes),
    error: of(3 * nodes),
    product: of(3 * nodes),
    direction: of(3 * nodes),
    inverse: of(nodes),
  };
}

/** Each link as its two nodes' rotations would have it. */
function turnLinks({ links, weights, turn, rest, room }: Net): void {
  const { wanted } = room;
  for (let e = 0; e < weights.length; e++) {
    const a = links[2 * e];
    const b = links[2 * e + 1];
    const x = 0.5 * (rest[3 * a] - rest[3 * b]);
    const y = 0.5 * (rest[3 * a + 1] - rest[3 * b + 1]);
    const z = 0.5 * (rest[3 * a + 2] - rest[3 * b + 2]);
    const p = 9 * a;
    const q = 9 * b;
    wanted[3 * e] = (turn[p] + turn[q]) * x + (turn[p + 1] + turn[q + 1]) * y + (turn[p + 2] + turn[q + 2]) * z;
    wanted[3 * e + 1] =
      (turn[p + 3] + turn[q + 3]) * x + (turn[p + 4] + turn[q + 4]) * y + (turn[p + 5] + turn[q + 5]) * z;
    wanted[3 * e + 2] =
      (turn[p + 6] + turn[q + 6]) * x + (turn[p + 7] + turn[q + 7]) * y + (turn[p + 8] + turn[q + 8]) * z;
  }
}

/** What pull and links make of places. */
function applyNet(
  { count, links, weights }: Net,
  pull: Pull,
  stiffness: number,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const weight = pull.weight[i];
    out[3 * i] = weight * x[3 * i];
    out[3 * i + 1] = weight * x[3 * i + 1];
    out[3 * i + 2] = weight * x[3 * i + 2];
  }
  for (let e = 0; e < weights.length; e++) {
    const a = 3 * links[2 * e];
    const b = 3 * links[2 * e + 1];
    const w = stiffness * weights[e];
    const u = w * (x[a] - x[b]);
    const v = w * (x[a + 1] - x[b + 1]);
    const t = w * (x[a + 2] - x[b + 2]);
    out[a] += u;
    out[a + 1] += v;
    out[a + 2] += t;
    out[b] -= u;
    out[b + 1] -= v;
    out[b + 2] -= t;
  }
}

/** What is missing to the balance at the places at hand, and the inverse of the diagonal. */
function startSettling(net: Net, pull: Pull, stiffness: number): void {
  const { count, links, weights, place, room } = net;
  const { error, product, inverse, wanted } = room;
  error.set(pull.sum);
  inverse.set(pull.weight);
  for (let e = 0; e < weights.length; e++) {
    const a = links[2 * e];
    const b = links[2 * e + 1];
    const w = stiffness * weights[e];
    inverse[a] += w;
    inverse[b] += w;
    for (let d = 0; d < 3; d++) {
      const length = w * wanted[3 * e + d];
      error[3 * a + d] += length;
      error[3 * b + d] -= length;
    }
  }
  applyNet(net, pull, stiffness, place, product);
  for (let i = 0; i < error.length; i++) error[i] -= product[i];
  for (let i = 0; i < count; i++) inverse[i] = inverse[i] > 0 ? 1 / inverse[i] : 0;
}

/** Places that balance pull and links, rotations held: a sparse linear system by conjugate gradients, from the places at hand. */
export function settle(net: Net, pull: Pull, stiffness: number): void {
  const { count, place, room } = net;
  const { error, product, direction, inverse } = room;
  turnLinks(net);
  startSettling(net, pull, stiffness);
  let size = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 3 * i; j < 3 * i + 3; j++) {
      direction[j] = inverse[i] * error[j];
      size += direction[j] * error[j];
    }
  }
  const enough = SETTLE_ENOUGH * size;
  for (let step = 0; step < STEPS && size > enough && size > 1e-12; step++) {
    applyNet(net, pull, stiffness, direction, product);
    let along = 0;
    for (let j = 0; j < product.length; j++) along += direction[j] * product[j];
    const stride = size / along;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const scale = inverse[i];
      const j = 3 * i;
      place[j] += stride * direction[j];
      place[j + 1] += stride * direction[j + 1];
      place[j + 2] += stride * direction[j + 2];
      const x = error[j] - stride * product[j];
      const y = error[j + 1] - stride * product[j + 1];
      const z = error[j + 2] - stride * product[j + 2];
      error[j] = x;
      error[j + 1] = y;
      error[j + 2] = z;
      next += scale * (x * x + y * y + z * z);
    }
    const share = next / size;
    for (let i = 0; i < count; i++) {
      const scale = inverse[i];
      const j = 3 * i;
      direction[j] = scale * error[j] + share * direction[j];
      direction[j + 1] = scale * error[j + 1] + share * direction[j + 1];
      direction[j + 2] = scale * error[j + 2] + share * direction[j + 2];
    }
    size = next;
  }
}

/** Rotation of each node that fits its links best. */
export function fitTurns({ count, links, weights, place, rest, turn, room }: Net): void {
  const { scatter } = room;
  scatter.fill(0);
  for (let e = 0; e < weights.length; e++) {
    const a = links[2 * e];
    const b = links[2 * e + 1];
    const w = weights[e];
    const x = w * (rest[3 * b] - rest[3 * a]);
    const y = w * (rest[3 * b + 1] - rest[3 * a + 1]);
    const z = w * (rest[3 * b + 2] - rest[3 * a + 2]);
    for (let r = 0; r < 3; r++) {
      const gap = place[3 * b + r] - place[3 * a + r];
      const p = 9 * a + 3 * r;
      const q = 9 * b + 3 * r;
      scatter[p] += gap * x;
      scatter[p + 1] += gap * y;
      scatter[p + 2] += gap * z;
      scatter[q] += gap * x;
      scatter[q + 1] += gap * y;
      scatter[q + 2] += gap * z;
    }
  }
  for (let i = 0; i < count; i++) turnTowards(scatter, turn, 9 * i);
}

/**
 * Turns a rotation towards the one nearest to a matrix, from where it is: a few rotations about the common torque of the columns (Müller et
 * al. 2016). Five times faster than singular values, and it does not flip where a part is flat.
 */
function turnTowards(m: Float64Array, r: Float64Array, at: number): void {
  for (let round = 0; round < 4; round++) {
    let x = 0;
    let y = 0;
    let z = 0;
    let along = 0;
    for (let c = 0; c < 3; c++) {
      const a = r[at + c];
      const b = r[at + 3 + c];
      const d = r[at + 6 + c];
      const e = m[at + c];
      const f = m[at + 3 + c];
      const g = m[at + 6 + c];
      x += b * g - d * f;
      y += d * e - a * g;
      z += a * f - b * e;
      along += a * e + b * f + d * g;
    }
    const size = Math.sqrt(x * x + y * y + z * z);
    const angle = size / (Math.abs(along) + 1e-12);
    if (!(angle > TURN_ENOUGH)) return;
    const ux = x / size;
    const uy = y / size;
    const uz = z / size;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    for (let c = 0; c < 3; c++) {
      const a = r[at + c];
      const b = r[at + 3 + c];
      const d = r[at + 6 + c];
      const k = (1 - cos) * (ux * a + uy * b + uz * d);
      r[at + c] = a * cos + sin * (uy * d - uz * b) + k * ux;
      r[at + 3 + c] = b * cos + sin * (uz * a - ux * d) + k * uy;
      r[at + 6 + c] = d * cos + sin * (ux * b - uy * a) + k * uz;
    }
  }
}

/** Weakens links that are stretched: between parts that touched but do not belong together. */
export function loosen(net: Net, tolerance: number): void {
  const { links, weights, place, room } = net;
  const { wanted } = room;
  turnLinks(net);
  for (let e = 0; e < weights.length; e++) {
    const a = 3 * links[2 * e];
    const b = 3 * links[2 * e + 1];
    const x = place[a] - place[b] - wanted[3 * e];
    const y = place[a + 1] - place[b + 1] - wanted[3 * e + 1];
    const z = place[a + 2] - place[b + 2] - wanted[3 * e + 2];
    weights[e] = 1 / (1 + (x * x + y * y + z * z) / tolerance ** 2);
  }
}
