/** Outlines of the chord graph as path texts, for the screen and for the picture. */

import { ribbon as ribbonShape } from 'd3-chord';
import { arc as arcShape } from 'd3-shape';
import type { PlacedRibbon, Span } from './chord-layout.ts';

export const ARC_WIDTH = 13;

export interface ChordGeometry {
  radius: number;
  centre: readonly [number, number];
  /** texts stand beside the arcs; on a narrow drawing only their first words */
  narrow: boolean;
}

/**
 * Where the circle stands in its box.
 * @param side - px that labels need at each side
 */
export function chordGeometry(width: number, height: number, side = width < 480 ? 84 : 140): ChordGeometry {
  const narrow = width < 480;
  const radius = Math.max(60, Math.min((width - 2 * side) / 2, (height - 44) / 2));
  return { radius, centre: [width / 2, height / 2], narrow };
}

type Ends = Pick<PlacedRibbon, 'source' | 'target'>;

/** Outline of a ribbon, by d3. */
export function ribbonPath({ source, target }: Ends, radius: number): string {
  const shape = ribbonShape<unknown, Ends, Span & { radius: number }>();
  // without a context it gives the path as text
  const path = shape as unknown as (ends: unknown) => string;
  return path({ source: { ...source, radius }, target: { ...target, radius } });
}

/** Its middle line, for a ribbon without width. */
export function ribbonLine({ source, target }: Ends, radius: number): string {
  const at = ({ startAngle, endAngle }: Span): string => {
    const angle = (startAngle + endAngle) / 2;
    return `${(radius * Math.sin(angle)).toFixed(2)},${(-radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M${at(source)}Q0,0 ${at(target)}`;
}

export function arcPath(group: Span, radius: number): string {
  const shape = arcShape<Span>()
    .innerRadius(radius - ARC_WIDTH)
    .outerRadius(radius)
    .cornerRadius(2);
  return shape(group as never) ?? '';
}

/** A padlock of 6 by 7 px around its middle. */
export const LOCK = 'M-2.6,-0.4h5.2v3.8h-5.2zM-1.6,-0.4v-1.2a1.6,1.6 0 0 1 3.2,0v1.2';

/** Held ribbons that get a lock: of those that lie close together the first. */
export function locksOf(ribbons: readonly PlacedRibbon[], gap: number): PlacedRibbon[] {
  const held = ribbons.filter((ribbon) => ribbon.held).sort((a, b) => a.source.startAngle - b.source.startAngle);
  let last = Number.NEGATIVE_INFINITY;
  return held.filter(({ source }) => {
    const apart = source.startAngle - last >= gap;
    if (apart) last = source.startAngle;
    return apart;
  });
}

/** `Pain and disability` → `Pain`, where there is no room for more. */
export function shortName(name: string): string {
  return name.length <= 11 ? name : (name.split(/ (?:and|sensors|so) ?/)[0] ?? name);
}
