/**
 * The rigid top of a couch, found because it is the same in every slice, also where the body lies on it.
 *
 * Method: thin layers behind the body whose front edge keeps its place along the body are collected column by column; one parabola
 * through the nearest of them (least squares, outliers dropped) is the couch top; whatever lies behind it is not body. It is used only
 * when it shows on both sides of the body and hardly any body would lie behind it. Complexity: O(voxels).
 */

import { type BitVolume, createBits, getBit, labelComponents, openBits } from '../../kernel/index.ts';
import type { Volume } from '../../model/index.ts';
import type { PatientAxes } from './working-grid.ts';

/** A couch top: place along the front-back axis for each place along the left-right axis, in voxels. */
export interface CouchTop {
  /** first voxel (counted along the front-back axis of the grid) that belongs to the couch, fractions allowed */
  at(leftRight: number): number;
  /** columns in which it was seen */
  columns: number;
  /** voxels · root mean square of the seen edges about the parabola */
  rms: number;
}

/** A couch top layer is thinner than this · mm */
const SHELL_MM = 16;

/** Share of slices in which a layer must keep its place (within a voxel). */
const PERSISTENCE = 0.7;

/** Share of the body that may lie farther behind a couch top than the layer is thick: more, and the body sinks into something soft. */
const BEHIND_SHARE = 0.003;

interface Edge {
  column: number;
  place: number;
  /** voxels */
  thickness: number;
}

/**
 * Looks for a couch top.
 * @param solid - everything denser than air
 * @param body - the piece thought to be body, couch still attached or not
 * @returns undefined when no layer qualifies
 */
export function findCouchTop(
  volume: Volume,
  solid: BitVolume,
  body: BitVolume,
  axes: PatientAxes,
): CouchTop | undefined {
  const edges = persistentEdges(volume, solid, axes);
  const [low, high] = bodyColumns(body, axes);
  const left = edges.filter(({ column }) => column < low + 0.25 * (high - low));
  const right = edges.filter(({ column }) => column > high - 0.25 * (high - low));
  const enough = 15 / volume.spacing[axes.leftRight];
  if (left.length < enough || right.length < enough) return undefined;
  const fit = fitParabola([...left, ...right]);
  if (!fit || fit.columns < 0.6 * (left.length + right.length) || fit.rms > 0.8) return undefined;
  const { spacing } = volume;
  const pieces = labelComponents(openBits(body, { radiusMm: 0.75 * SHELL_MM, spacing }), 6);
  const thickness = [...edges].sort((a, b) => a.thickness - b.thickness)[edges.length >> 1].thickness;
  return bodyBehind(pieces.select(pieces.largest), fit, thickness + 1.5, axes) <= BEHIND_SHARE ? fit : undefined;
}

/** The part of a mask in front of a couch top. */
export function inFrontOf(bits: BitVolume, couch: CouchTop, axes: PatientAxes): BitVolume {
  const out = createBits(bits.size);
  const first = Array.from({ length: bits.size[axes.leftRight] }, (_, column) => couch.at(column));
  visit(bits, (place, word, bit) => {
    const at = place[axes.frontBack];
    const limit = first[place[axes.leftRight]];
    if (axes.towardsBack ? at < limit - 0.25 : at > limit + 0.25) out.words[word] |= bit;
  });
  return out;
}

/** For each column the front edge of the nearest thin layer that keeps its place along the body. */
function persistentEdges(volume: Volume, solid: BitVolume, axes: PatientAxes): Edge[] {
  const { size, spacing } = volume;
  const depth = size[axes.frontBack];
  const slices = size[axes.headFoot];
  const thin = Math.max(2, Math.round(SHELL_MM / spacing[axes.frontBack]));
  const edges: Edge[] = [];
  const tally: LayerTally = { thin, counts: new Uint16Array(depth), lengths: new Uint32Array(depth) };
  for (let column = 0; column < size[axes.leftRight]; column++) {
    tally.counts.fill(0);
    tally.lengths.fill(0);
    for (let slice = 0; slice < slices; slice++) countThinLayers(solid, axes, column, slice, tally);
    const found = nearestPersistent(tally, PERSISTENCE * slices);
    if (found) edges.push({ column, ...found, place: axes.towardsBack ? found.place : depth - 1 - found.place });
  }
  return edges;
}

/** Thin layers of one column over all slices, by the depth at which they begin. */
interface LayerTally {
  /** longest run that is thin · voxels */
  thin: number;
  counts: Uint16Array;
  lengths: Uint32Array;
}

/** Counts the front edges of thin layers of one column of one slice, from the front backwards. */
function countThinLayers(
  solid: BitVolume,
  axes: PatientAxes,
  column: number,
  slice: number,
  { thin, counts, lengths }: LayerTally,
): void {
  const place = [0, 0, 0];
  place[axes.leftRight] = column;
  place[axes.headFoot] = slice;
  let from = -1;
  for (let d = 0; d <= counts.length; d++) {
    place[axes.frontBack] = axes.towardsBack ? d : counts.length - 1 - d;
    const filled = d < counts.length && getBit(solid, place[0], place[1], place[2]);
    if (filled && from < 0) from = d;
    else if (!filled && from >= 0) {
      if (d - from <= thin && d < counts.length) {
        counts[from]++;
        lengths[from] += d - from;
      }
      from = -1;
    }
  }
}

/** First place (from the front) where a layer starts in enough slices, a voxel to and fro counted together. */
function nearestPersistent({ counts, lengths }: LayerTally, needed: number): Omit<Edge, 'column'> | undefined {
  for (let d = 1; d < counts.length - 1; d++) {
    const sum = counts[d - 1] + counts[d] + counts[d + 1];
    if (sum > 0 && sum >= needed && counts[d] >= counts[d - 1] && counts[d] >= counts[d + 1]) {
      return { place: d + (counts[d + 1] - counts[d - 1]) / sum, thickness: lengths[d] / counts[d] };
    }
  }
  return undefined;
}

/** First and last column of a mask along the left-right axis. */
function bodyColumns(body: BitVolume, axes: PatientAxes): [number, number] {
  let low = body.size[axes.leftRight];
  let high = -1;
  visit(body, (place) => {
    const at = place[axes.leftRight];
    if (at < low) low = at;
    if (at > high) high = at;
  });
  return [low, high];
}

/** Share of a mask that lies more than `depth` voxels behind the front face of a couch. */
function bodyBehind(body: BitVolume, couch: CouchTop, depth: number, axes: PatientAxes): number {
  let all = 0;
  let behind = 0;
  const first = Array.from({ length: body.size[axes.leftRight] }, (_, column) => couch.at(column));
  visit(body, (place) => {
    all++;
    const limit = first[place[axes.leftRight]];
    const at = place[axes.frontBack];
    if (axes.towardsBack ? at >= limit + depth : at <= limit - depth) behind++;
  });
  return all === 0 ? 1 : behind / all;
}

function visit(bits: BitVolume, each: (place: number[], word: number, bit: number) => void): void {
  const [ni, nj, nk] = bits.size;
  const place = [0, 0, 0];
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = (j + nj * k) * bits.wordsPerRow;
      place[1] = j;
      place[2] = k;
      for (let i = 0; i < ni; i++) {
        const word = row + (i >>> 5);
        const bit = 1 << (i & 31);
        if ((bits.words[word] & bit) === 0) continue;
        place[0] = i;
        each(place, word, bit);
      }
    }
  }
}

/** Least squares parabola, refitted without edges farther off than a voxel and a half. */
function fitParabola(edges: readonly Edge[]): CouchTop | undefined {
  const middle = edges.reduce((sum, { column }) => sum + column, 0) / edges.length;
  let kept = [...edges];
  let solution: number[] | undefined;
  for (let round = 0; round < 4; round++) {
    solution = solveParabola(kept, middle);
    if (!solution) return undefined;
    const [a, b, c] = solution;
    const next = edges.filter(({ column, place }) => {
      const u = column - middle;
      return Math.abs(a + b * u + c * u * u - place) < 1.5;
    });
    if (next.length < 6) return undefined;
    kept = next;
  }
  const [a, b, c] = solution!;
  const at = (column: number) => a + b * (column - middle) + c * (column - middle) ** 2;
  const rms = Math.sqrt(kept.reduce((sum, { column, place }) => sum + (at(column) - place) ** 2, 0) / kept.length);
  return { at, columns: kept.length, rms };
}

function solveParabola(edges: readonly Edge[], middle: number): number[] | undefined {
  const m = Array.from({ length: 3 }, () => [0, 0, 0, 0]);
  for (const { column, place } of edges) {
    const u = (column - middle) / 100;
    const powers = [1, u, u * u];
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) m[r][c] += powers[r] * powers[c];
      m[r][3] += powers[r] * place;
    }
  }
  for (let p = 0; p < 3; p++) {
    const pivot = m.slice(p).reduce((best, row, i) => (Math.abs(row[p]) > Math.abs(m[best][p]) ? i + p : best), p);
    [m[p], m[pivot]] = [m[pivot], m[p]];
    if (Math.abs(m[p][p]) < 1e-9) return undefined;
    for (let r = 0; r < 3; r++) {
      if (r === p) continue;
      const factor = m[r][p] / m[p][p];
      for (let c = p; c < 4; c++) m[r][c] -= factor * m[p][c];
    }
  }
  const [a, b, c] = m.map((row, p) => row[3] / row[p]);
  return [a, b / 100, c / 10_000];
}
