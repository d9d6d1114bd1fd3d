/**
 * Paints ribbons, arcs and locks on a canvas around its origin. The screen paints them once and lets only the ribbon under the mouse be drawn
 * by the browser: a hundred translucent curves painted anew at every movement cost a computer without a GPU half a second.
 */

import type { ChordLayout, PlacedRibbon } from './chord-layout.ts';
import { arcPath, LOCK, locksOf, ribbonLine, ribbonPath } from './chord-shapes.ts';

export type ChordInks = Record<'surface' | 'text' | 'dim' | 'faint' | 'raises' | 'lowers' | 'line', string>;

/** Colours of the theme, as the element has them. */
export function chordInks(element: Element): ChordInks {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: of('--surface'),
    text: of('--text'),
    dim: of('--text-dim'),
    faint: of('--text-faint'),
    raises: of('--raises'),
    lowers: of('--lowers'),
    line: of('--line-strong'),
  };
}

function inkOf({ mean, look, held }: PlacedRibbon, inks: ChordInks): string {
  return look === 'missing' || held ? inks.faint : mean < 0 ? inks.lowers : inks.raises;
}

export function paintChord(
  context: CanvasRenderingContext2D,
  layout: ChordLayout,
  radius: number,
  inks: ChordInks,
): void {
  for (const ribbon of layout.ribbons) paintRibbon(context, ribbon, radius - 15, inks);
  for (const ribbon of locksOf(layout.ribbons, 8 / radius)) paintLock(context, ribbon, radius - 21, inks);
  for (const group of layout.groups) {
    context.fillStyle = { modality: '#6f8aa6', construct: '#8a94a0', outcome: inks.text }[group.sector];
    context.fill(new Path2D(arcPath(group, radius)));
  }
}

function paintRibbon(context: CanvasRenderingContext2D, ribbon: PlacedRibbon, radius: number, inks: ChordInks): void {
  const { mean, look, held, opacity, layer } = ribbon;
  const ink = inkOf(ribbon, inks);
  const path = new Path2D(mean === 0 ? ribbonLine(ribbon, radius) : ribbonPath(ribbon, radius));
  context.setLineDash(look === 'missing' ? [4, 3] : []);
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = 0.8;
  if (mean !== 0) {
    context.globalAlpha = opacity;
    context.fill(path);
  }
  context.globalAlpha = held ? 0.35 : layer === 'flow' ? 0.3 : 0.75;
  context.stroke(path);
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function paintLock(context: CanvasRenderingContext2D, { source }: PlacedRibbon, radius: number, inks: ChordInks): void {
  const angle = (source.startAngle + source.endAngle) / 2;
  context.save();
  context.translate(radius * Math.sin(angle), -radius * Math.cos(angle));
  context.fillStyle = inks.surface;
  context.strokeStyle = inks.dim;
  context.lineWidth = 0.9;
  const lock = new Path2D(LOCK);
  context.fill(lock);
  context.stroke(lock);
  context.restore();
}
