/**
 * Where the points of one cloud went in the next when nobody knows which is which: nodes about a thirtieth of the body apart, linked to their
 * neighbours as rigidly as possible (Sorkine & Alexa 2007), are drawn to the targets that they explain best, softly at first and
 * sharper each round (as in Myronenko & Song 2010). O(rounds · (targets · reach + nodes · links)).
 *
 * Nearest neighbours alone see less than half of a fast movement: a point of a swinging arm has another point of the arm or the trunk beside it.
 * Measured on two performers whose vertices correspond (4000 independent surface samples a frame, 0.23 s between frames, mean step 189 and 93
 * mm): mean speed -55 % and -46 % by nearest neighbours, -4.4 % and +0.1 % by this method. Starting with a reach of 120 instead of 250 mm
 * costs 10 % of the first, cooling by 0.85 instead of 0.92 costs 3 %, eight links a node instead of six 3 %.
 *
 * Three times as fast as without these (2.6 times for 20,000 points): targets are drawn together while the reach is wide (no difference beyond
 * 0.3 %), the nodes that explain a target are kept for three rounds once the reach is narrow, the five starts are tried on a third of the nodes.
 * Keeping nodes from the start costs 1.3 %; sharing targets out among all nodes within four reaches, instead of the nearest 40, makes the
 * errors of single points a fifth to a half larger.
 */
import { expectArgument } from '../argument-error.ts';
import { IDENTITY_MAT4, type Mat4, type Vec3 } from '../linear/index.ts';
import { transformPositions } from '../mesh/index.ts';
import { pointBounds } from './bounds.ts';
import { fitTurns, loosen, type Net, type Pull, roomFor, settle } from './flow-net.ts';
import { alignIcp1992 } from './icp.ts';
import { buildKdTree, type KdTree } from './kd-tree.ts';
import { thinByVoxels, voxelGridAround, voxelOfPoints } from './voxel-grid.ts';

/** How a flow is found. Lengths are shares of the diagonal of the source's box where they are not given in the unit of the points. */
export interface FlowOptions {
  /** axis about which the body may have turned between the clouds · default [0, 1, 0] */
  readonly up?: Vec3;
  /** distance between nodes · share of the diagonal · default 0.03 */
  readonly nodeSpacing?: number;
  /** distance between targets · share of the diagonal · default 0.0175 */
  readonly targetSpacing?: number;
  /** reach of the first round · share of the diagonal · default follows from how far the clouds are apart, at most 0.125 */
  readonly reach?: number;
  /** reach over that of the round before · default 0.92 */
  readonly cooling?: number;
}

/** Flow from a cloud to the next. */
export interface CloudFlow {
  /** where each source point is in the target · shape [3N] · unit of the points */
  readonly moved: Float32Array;
  /** the part of the motion that the whole body shares · source to target */
  readonly rigid: Mat4;
  /** root mean square distance of the moved nodes to the nearest target · unit of the points */
  readonly residual: number;
}

const LINKS = 6;
/** Weight of a target that no node explains, beside a node right on it. */
const OUTLIER = 0.05;
/** A share below e to the minus this is none. */
const NOTHING = 12;
/** Nodes that explain a target while the reach is wide; they change from round to round, later ones are kept for some rounds. */
const WIDE = 40;
const KEEP_ROUNDS = 3;
/** Cubes whose targets are drawn together while the reach is wide · shares of the diagonal; at most this share of the reach. */
const EDGES = [0.1, 0.07, 0.05, 0.035, 0.025] as const;
const EDGE_OF_REACH = 1.2;
/** Stiffness of the links in the first and last round, beside one explained target. */
const STIFF = [30, 2] as const;

/**
 * Finds where the points of a cloud are in the next one, without correspondence.
 *
 * The clouds show the same body; parts may be missing or added. Movements across open space are found; a body that slides within its own
 * surface (a turning sphere) is not, as no shape tells of it.
 *
 * @param source - flat xyz · shape [3N], N ≥ 10
 * @param target - flat xyz · shape [3M], M ≥ 10
 * @throws ArgumentError fewer than ten points
 * @see Sorkine & Alexa 2007, Myronenko & Song 2010
 */
export function estimateCloudFlow(source: Float32Array, target: Float32Array, options: FlowOptions = {}): CloudFlow {
  expectArgument(source.length >= 30 && target.length >= 30, 'source', source.length / 3, 'at least 10 points in both');
  const diagonal = boxDiagonal(source);
  expectArgument(diagonal > 0, 'source', diagonal, 'points that are not all on one spot');
  const { nodeSpacing = 0.03, targetSpacing = 0.0175, cooling = 0.92, up = [0, 1, 0] } = options;
  const nodes = pick(source, thinByVoxels(source, nodeSpacing * diagonal));
  const targets = pick(target, thinByVoxels(target, targetSpacing * diagonal));
  const tree = buildKdTree(targets);
  const rigid = startPose(nodes, targets, tree, up);
  const net = linkNodes(nodes, rigid);
  const last = 0.006 * diagonal;
  const first = Math.max(1.5 * last, options.reach ? options.reach * diagonal : apart(net, tree, diagonal));
  const pull: Pull = { weight: new Float64Array(net.count), sum: new Float64Array(3 * net.count) };
  fitTurns(net);
  let drawn: Targets | undefined;
  for (let reach = first; reach > last; reach *= cooling) {
    const share = Math.log(reach / last) / Math.log((0.125 * diagonal) / last);
    const stiffness = STIFF[1] * (STIFF[0] / STIFF[1]) ** share;
    const edge = diagonal * (EDGES.find((e) => e * diagonal <= EDGE_OF_REACH * reach) ?? 0);
    if (!drawn || drawn.edge !== edge) drawn = drawTogether(targets, edge);
    assignSoftly(net, drawn, reach, diagonal, pull);
    for (let turn = 0; turn < 2; turn++) {
      settle(net, pull, stiffness);
      fitTurns(net);
    }
    loosen(net, 0.01 * diagonal);
  }
  const { squared } = tree.nearest(net.place);
  const residual = Math.sqrt(squared.reduce((sum, d) => sum + d, 0) / net.count);
  return { moved: carry(net, source), rigid, residual };
}

function boxDiagonal(points: Float32Array): number {
  const { min, max } = pointBounds([points]);
  return Math.hypot(max[0] - min[0], max[1] - min[1], max[2] - min[2]);
}

function pick(points: Float32Array, indices: Uint32Array): Float32Array {
  const out = new Float32Array(3 * indices.length);
  for (let i = 0; i < indices.length; i++) out.set(points.subarray(3 * indices[i], 3 * indices[i] + 3), 3 * i);
  return out;
}

function meanOf(points: Float32Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < points.length; i++) sum[i % 3] += points[i];
  return [(3 * sum[0]) / points.length, (3 * sum[1]) / points.length, (3 * sum[2]) / points.length];
}

/** Best of some rigid alignments that start with the means together, turned about the upright by several angles. */
function startPose(nodes: Float32Array, targets: Float32Array, tree: KdTree, up: Vec3): Mat4 {
  const [a, b] = [meanOf(nodes), meanOf(targets)];
  const few = everyThird(nodes);
  let best = { sourceToTarget: IDENTITY_MAT4, rms: Infinity };
  for (const angle of [0, -0.35, 0.35, -0.7, 0.7]) {
    const [c, s, v] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
    const [x, y, z] = up;
    const rows = [
      [c + x * x * v, x * y * v - z * s, x * z * v + y * s],
      [y * x * v + z * s, c + y * y * v, y * z * v - x * s],
      [z * x * v - y * s, z * y * v + x * s, c + z * z * v],
    ];
    const start = [
      ...rows.flatMap((row, d) => [...row, b[d] - row[0] * a[0] - row[1] * a[1] - row[2] * a[2]]),
      ...[0, 0, 0, 1],
    ];
    const found = alignIcp1992(few, targets, { start, tree, keep: 0.7, iterations: 10 });
    if (found.rms < best.rms) best = found;
  }
  return alignIcp1992(nodes, targets, { start: best.sourceToTarget, tree, keep: 0.7 }).sourceToTarget;
}

/** Every third of many points, for a first look. */
function everyThird(points: Float32Array): Float32Array {
  const n = Math.floor(points.length / 9);
  if (n < 50) return points;
  return pick(
    points,
    Uint32Array.from({ length: n }, (_, i) => 3 * i),
  );
}

function linkNodes(rest: Float32Array, rigid: Mat4): Net {
  const count = rest.length / 3;
  const { indices } = buildKdTree(rest).nearestK(rest, LINKS + 1);
  const seen = new Set<number>();
  for (let i = 0; i < indices.length; i++) {
    const [a, b] = [Math.floor(i / (LINKS + 1)), indices[i]];
    if (b >= 0 && a !== b) seen.add(Math.min(a, b) * count + Math.max(a, b));
  }
  const links = Int32Array.from([...seen].flatMap((key) => [Math.floor(key / count), key % count]));
  const weights = new Float64Array(seen.size).fill(1);
  const turn = Float64Array.from({ length: 9 * count }, (_, i) => rigid[4 * Math.floor((i % 9) / 3) + (i % 3)]);
  return {
    count,
    rest,
    links,
    weights,
    place: Float64Array.from(transformPositions(rest, rigid)),
    turn,
    room: roomFor(count, seen.size),
  };
}

/** Reach that covers how far the clouds are apart once the shared motion is taken out. */
function apart(net: Net, tree: KdTree, diagonal: number): number {
  const sorted = tree.nearest(net.place).squared.sort();
  return Math.min(0.125 * diagonal, 4 * Math.sqrt(sorted[Math.floor(0.9 * (sorted.length - 1))]));
}

/** Targets drawn together, and the nodes that explain them. */
interface Targets {
  /** edge of the cubes that were drawn together · unit of the points; 0 for each target by itself */
  readonly edge: number;
  /** shape [3T] */
  readonly places: Float64Array;
  /** how many targets each stands for · shape [T] */
  readonly counts: Float64Array;
  /** nodes that explain each · shape [kT] */
  near?: { readonly k: number; readonly indices: Int32Array; rounds: number };
}

/** Means of the targets in each cube. */
function drawTogether(targets: Float32Array, edge: number): Targets {
  const n = targets.length / 3;
  if (edge === 0) return { edge, places: Float64Array.from(targets), counts: new Float64Array(n).fill(1) };
  const keys = voxelOfPoints(targets, voxelGridAround([targets], edge));
  const numbers = new Map<number, number>();
  const [places, counts] = [new Float64Array(3 * n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    let cell = numbers.get(keys[i]);
    if (cell === undefined) numbers.set(keys[i], (cell = numbers.size));
    counts[cell]++;
    for (let d = 0; d < 3; d++) places[3 * cell + d] += targets[3 * i + d];
  }
  for (let i = 0; i < 3 * numbers.size; i++) places[i] /= counts[Math.floor(i / 3)];
  return { edge, places: places.slice(0, 3 * numbers.size), counts: counts.slice(0, numbers.size) };
}

/** The nodes that explain each target: the nearest `k`, now or a few rounds ago. */
function explaining(net: Net, targets: Targets, k: number): Int32Array {
  const { near } = targets;
  if (near && near.k === k && k < WIDE && near.rounds < KEEP_ROUNDS) {
    near.rounds++;
    return near.indices;
  }
  const { indices } = buildKdTree(net.place).nearestK(targets.places, k);
  targets.near = { k, indices, rounds: 1 };
  return indices;
}

/** Shares every target out among the nodes near it. */
function assignSoftly(net: Net, targets: Targets, reach: number, diagonal: number, pull: Pull): void {
  const k = Math.min(net.count, reach > 0.03 * diagonal ? WIDE : reach > 0.015 * diagonal ? 20 : 10);
  const indices = explaining(net, targets, k);
  const { place } = net;
  const { places, counts } = targets;
  const { weight, sum } = pull;
  weight.fill(0);
  sum.fill(0);
  const scale = -1 / (2 * reach * reach);
  const shares = new Float64Array(k);
  for (let m = 0; m < counts.length; m++) {
    const x = places[3 * m];
    const y = places[3 * m + 1];
    const z = places[3 * m + 2];
    let total = OUTLIER;
    for (let i = 0; i < k; i++) {
      const at = 3 * indices[m * k + i];
      const dx = place[at] - x;
      const dy = place[at + 1] - y;
      const dz = place[at + 2] - z;
      const power = scale * (dx * dx + dy * dy + dz * dz);
      const share = power > -NOTHING ? Math.exp(power) : 0;
      shares[i] = share;
      total += share;
    }
    const part = counts[m] / total;
    for (let i = 0; i < k; i++) {
      if (shares[i] === 0) continue;
      const node = indices[m * k + i];
      const share = part * shares[i];
      weight[node] += share;
      sum[3 * node] += share * x;
      sum[3 * node + 1] += share * y;
      sum[3 * node + 2] += share * z;
    }
  }
}

/** Takes points along with the four nodes near them. */
function carry(net: Net, points: Float32Array): Float32Array {
  const k = Math.min(4, net.count);
  const { indices, squared } = buildKdTree(net.rest).nearestK(points, k);
  const out = new Float32Array(points.length);
  for (let p = 0; p < points.length / 3; p++) {
    const reach = 1.1 * squared[p * k + k - 1] + 1e-9;
    let total = 0;
    const sum = [0, 0, 0];
    for (let m = 0; m < k; m++) {
      const node = indices[p * k + m];
      const weight = (1 - squared[p * k + m] / reach) ** 2 + 1e-6;
      total += weight;
      for (let d = 0; d < 3; d++) {
        let place = net.place[3 * node + d];
        for (let c = 0; c < 3; c++)
          place += net.turn[9 * node + 3 * d + c] * (points[3 * p + c] - net.rest[3 * node + c]);
        sum[d] += weight * place;
      }
    }
    for (let d = 0; d < 3; d++) out[3 * p + d] = sum[d] / total;
  }
  return out;
}
