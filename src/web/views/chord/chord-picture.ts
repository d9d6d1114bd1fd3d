/** The chord graph as a picture: painted anew on a canvas, with what was chosen to be shown and the research line. */

import { layoutChord, layoutLabels, type PlacedRibbon } from './chord-layout.ts';
import type { ChordModel } from './chord-model.ts';
import { arcPath, type ChordWords, chordGeometry, LOCK, locksOf, ribbonLine, ribbonPath } from './chord-view.tsx';

export interface ChordPicture {
  model: ChordModel;
  words: ChordWords;
  /** lines above and below: what it is of; how it adds up; research use */
  title: string;
  facts: readonly string[];
  /** element whose colours are taken */
  styled: Element;
}

const WIDTH = 1000;
const HEIGHT = 760;
const SCALE = 2;
const FONT = 'system-ui, "Segoe UI", Roboto, Lato, sans-serif';

export function chordPicture(picture: ChordPicture): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const foot = 18 + 19 * picture.facts.length;
  canvas.width = WIDTH * SCALE;
  canvas.height = (HEIGHT + foot + 34) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  const inks = inksOf(picture.styled);
  context.scale(SCALE, SCALE);
  context.fillStyle = inks.surface;
  context.fillRect(0, 0, WIDTH, HEIGHT + foot + 34);
  context.textBaseline = 'middle';
  context.fillStyle = inks.text;
  context.font = `600 16px ${FONT}`;
  context.fillText(picture.title, 20, 24, WIDTH - 40);
  context.save();
  context.translate(WIDTH / 2, 34 + HEIGHT / 2);
  paintGraph(context, picture, inks);
  context.restore();
  context.font = `12.5px ${FONT}`;
  context.fillStyle = inks.dim;
  picture.facts.forEach((fact, i) => {
    context.fillText(fact, 20, 34 + HEIGHT + 10 + 19 * i, WIDTH - 40);
  });
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function inksOf(element: Element): Record<'surface' | 'text' | 'dim' | 'faint' | 'raises' | 'lowers' | 'line', string> {
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

type Inks = ReturnType<typeof inksOf>;

function paintGraph(context: CanvasRenderingContext2D, { model, words }: ChordPicture, inks: Inks): void {
  const layout = layoutChord(model);
  const { radius } = chordGeometry(WIDTH, HEIGHT);
  for (const ribbon of layout.ribbons) paintRibbon(context, ribbon, radius - 15, inks);
  for (const ribbon of locksOf(layout.ribbons, 8 / radius)) paintLock(context, ribbon, radius - 21, inks);
  for (const group of layout.groups) {
    context.fillStyle = { modality: '#6f8aa6', construct: '#8a94a0', outcome: inks.text }[group.sector];
    context.fill(new Path2D(arcPath(group, radius)));
  }
  for (const { id, side, from, to } of layoutLabels(layout.groups, radius, 16)) {
    const group = layout.groups.find((one) => one.id === id);
    if (!group) continue;
    const { name, note } = words.group(group);
    context.strokeStyle = inks.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    context.textAlign = side === 'right' ? 'left' : 'right';
    context.fillStyle = inks.text;
    context.font = `${group.sector === 'outcome' ? 600 : 400} 13px ${FONT}`;
    context.fillText(note ? `${name} ${note}` : name, to[0] + (side === 'right' ? 4 : -4), to[1]);
  }
  context.textAlign = 'left';
}

function paintRibbon(context: CanvasRenderingContext2D, ribbon: PlacedRibbon, radius: number, inks: Inks): void {
  const { mean, look, held, opacity, layer } = ribbon;
  const ink = look === 'missing' || held ? inks.faint : mean < 0 ? inks.lowers : inks.raises;
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

function paintLock(context: CanvasRenderingContext2D, { source }: PlacedRibbon, radius: number, inks: Inks): void {
  const angle = (source.startAngle + source.endAngle) / 2;
  context.save();
  context.translate(radius * Math.sin(angle), -radius * Math.cos(angle));
  context.fillStyle = inks.surface;
  context.strokeStyle = inks.dim;
  const lock = new Path2D(LOCK);
  context.fill(lock);
  context.stroke(lock);
  context.restore();
}
