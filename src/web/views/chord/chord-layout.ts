/** Angles of the chord graph: arcs by d3's directed chord, each chord split into the ribbons it bundles. */

import { chordDirected } from 'd3-chord';
import type { ChordGroup, ChordModel, ChordRibbon, ChordSector } from './chord-model.ts';

export interface Span {
  /** rad, clockwise from twelve o'clock */
  startAngle: number;
  endAngle: number;
}

export interface PlacedGroup extends ChordGroup, Span {}

export interface PlacedRibbon extends ChordRibbon {
  source: Span;
  target: Span;
}

export interface ChordLayout {
  groups: readonly PlacedGroup[];
  ribbons: readonly PlacedRibbon[];
  /** rad of arc for one log-odds */
  perLogOdds: number;
}

/** between arcs, and between the three sectors · rad */
const PAD = 0.014;
const SECTOR_PAD = 0.16;
/** share of the arcs that goes to the room around ribbons, so that one without width has a place */
const ROOM_SHARE = 0.42;

/**
 * Places a chord model on the circle. The width of a ribbon is |mean| times `perLogOdds` at both ends; around it lies a little room.
 * Constructs begin at twelve o'clock, outcomes and modalities follow clockwise.
 */
export function layoutChord(model: ChordModel): ChordLayout {
  const { groups, ribbons } = model;
  if (ribbons.length === 0) return { groups: [], ribbons: [], perLogOdds: 0 };
  const at = new Map(groups.map(({ id }, i) => [id, i]));
  const index = (id: string): number => at.get(id) ?? 0;
  const total = ribbons.reduce((sum, { mean }) => sum + Math.abs(mean), 0);
  const room = total > 1e-6 ? (ROOM_SHARE * total) / ((1 - ROOM_SHARE) * ribbons.length) : 1;
  const bundles = new Map<string, ChordRibbon[]>();
  const matrix = groups.map(() => groups.map(() => 0));
  for (const ribbon of ribbons) {
    const [from, to] = [index(ribbon.from), index(ribbon.to)];
    matrix[from][to] += Math.abs(ribbon.mean) + room;
    const key = `${from} ${to}`;
    bundles.set(key, [...(bundles.get(key) ?? []), ribbon]);
  }
  const chords = chordDirected().padAngle(PAD)(matrix);
  const turn = sectorTurn(groups);
  const placed = chords.groups.map((span): PlacedGroup => ({ ...groups[span.index], ...turn(span.index, span) }));
  const laid = chords.flatMap(({ source, target }) =>
    splitBundle(
      bundles.get(`${source.index} ${target.index}`) ?? [],
      turn(source.index, source),
      turn(target.index, target),
      room,
    ),
  );
  const wide = laid.reduce<PlacedRibbon | undefined>(
    (most, one) => (one.mean !== 0 && Math.abs(one.mean) > Math.abs(most?.mean ?? 0) ? one : most),
    undefined,
  );
  return {
    groups: placed,
    ribbons: laid,
    perLogOdds: wide ? (wide.source.endAngle - wide.source.startAngle) / Math.abs(wide.mean) : 0,
  };
}

/** Opens a gap between sectors: all arcs shrink alike, and those of later sectors move on. */
function sectorTurn(groups: readonly ChordGroup[]): (index: number, span: Span) => Span {
  const sectors: readonly ChordSector[] = [...new Set(groups.map(({ sector }) => sector))];
  const shrink = (2 * Math.PI - sectors.length * SECTOR_PAD) / (2 * Math.PI);
  return (index, { startAngle, endAngle }) => {
    const shift = SECTOR_PAD * (sectors.indexOf(groups[index].sector) + 0.5);
    return { startAngle: startAngle * shrink + shift, endAngle: endAngle * shrink + shift };
  };
}

/** Ribbons of one pair of arcs, in order at the source and in reverse at the target, so that they do not cross. */
function splitBundle(bundle: readonly ChordRibbon[], source: Span, target: Span, room: number): PlacedRibbon[] {
  const total = bundle.reduce((sum, { mean }) => sum + Math.abs(mean) + room, 0);
  const place = (span: Span, from: number, width: number): Span => {
    const scale = (span.endAngle - span.startAngle) / total;
    const startAngle = span.startAngle + scale * (from + room / 2);
    return { startAngle, endAngle: startAngle + scale * width };
  };
  let before = 0;
  return bundle.map((ribbon) => {
    const width = Math.abs(ribbon.mean);
    const slot = width + room;
    const laid = {
      ...ribbon,
      source: place(source, before, width),
      target: place(target, total - before - slot, width),
    };
    before += slot;
    return laid;
  });
}

export interface PlacedLabel {
  id: string;
  /** middle of the arc · rad */
  angle: number;
  side: 'left' | 'right';
  /** where the arc is left, and where the text stands · px from the centre */
  from: readonly [number, number];
  to: readonly [number, number];
}

/**
 * Labels beside their arcs, moved apart where arcs are thin.
 *
 * @param lineHeight - px that a label needs
 */
export function layoutLabels(groups: readonly PlacedGroup[], radius: number, lineHeight: number): PlacedLabel[] {
  const labels = groups.map((group) => {
    const angle = (group.startAngle + group.endAngle) / 2;
    const side: PlacedLabel['side'] = Math.sin(angle) >= 0 ? 'right' : 'left';
    const out = (r: number): [number, number] => [r * Math.sin(angle), -r * Math.cos(angle)];
    return { id: group.id, angle, side, from: out(radius + 3), to: out(radius + 16) };
  });
  const limit = radius + 22;
  for (const side of ['left', 'right'] as const)
    moveApart(
      labels.filter((label) => label.side === side).map(({ to }) => to),
      lineHeight,
      limit,
    );
  return labels;
}

/** Pushes heights down until none touch, then up again from the foot; keeps texts outside of the circle. */
function moveApart(places: [number, number][], gap: number, limit: number): void {
  places.sort((a, b) => a[1] - b[1]);
  for (let i = 1; i < places.length; i++) places[i][1] = Math.max(places[i][1], places[i - 1][1] + gap);
  const over = (places.at(-1)?.[1] ?? 0) - limit;
  if (over > 0) {
    let foot = limit;
    for (let i = places.length - 1; i >= 0; i--) {
      places[i][1] = Math.min(places[i][1], foot);
      foot = places[i][1] - gap;
    }
  }
  for (const place of places) {
    const half = Math.sqrt(Math.max(0, (limit - 6) ** 2 - place[1] ** 2));
    place[0] = Math.sign(place[0] || 1) * Math.max(Math.abs(place[0]), half);
  }
}
