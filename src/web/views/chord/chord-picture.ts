/** The chord graph as a picture to keep: with what it is of, how it adds up, and the research line. */

import { layoutChord, layoutLabels } from './chord-layout.ts';
import type { ChordModel } from './chord-model.ts';
import { type ChordInks, chordInks, paintChord } from './chord-paint.ts';
import { chordGeometry } from './chord-shapes.ts';
import type { ChordWords } from './chord-view.tsx';

export interface ChordPicture {
  model: ChordModel;
  words: ChordWords;
  title: string;
  /** lines below the graph */
  facts: readonly string[];
  /** element whose colours are taken */
  styled: Element;
}

const WIDTH = 1000;
const HEIGHT = 740;
const HEAD = 38;
/** px beside the circle: a system without the page's font has a wider one */
const LABELS = 190;
const SCALE = 2;
const FONT = 'system-ui, "Segoe UI", Roboto, Lato, sans-serif';

export function chordPicture(picture: ChordPicture): Promise<Blob | null> {
  const { title, facts, styled } = picture;
  const canvas = document.createElement('canvas');
  const height = HEAD + HEIGHT + 20 + 19 * facts.length;
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  const inks = chordInks(styled);
  context.scale(SCALE, SCALE);
  context.fillStyle = inks.surface;
  context.fillRect(0, 0, WIDTH, height);
  context.textBaseline = 'middle';
  context.fillStyle = inks.text;
  context.font = `600 16px ${FONT}`;
  context.fillText(title, 20, 24, WIDTH - 40);
  context.save();
  context.translate(WIDTH / 2, HEAD + HEIGHT / 2);
  paintGraph(context, picture, inks);
  context.restore();
  context.font = `12.5px ${FONT}`;
  context.fillStyle = inks.dim;
  facts.forEach((fact, i) => {
    context.fillText(fact, 20, HEAD + HEIGHT + 12 + 19 * i, WIDTH - 40);
  });
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function paintGraph(context: CanvasRenderingContext2D, { model, words }: ChordPicture, inks: ChordInks): void {
  const layout = layoutChord(model);
  const { radius } = chordGeometry(WIDTH, HEIGHT, LABELS);
  paintChord(context, layout, radius, inks);
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.fillStyle = inks.text;
  for (const { id, side, from, to } of layoutLabels(layout.groups, radius, 16)) {
    const group = layout.groups.find((one) => one.id === id);
    if (!group) continue;
    const { name, note } = words.group(group);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    context.textAlign = side === 'right' ? 'left' : 'right';
    context.font = `${group.sector === 'outcome' ? 600 : 400} 13px ${FONT}`;
    context.fillText(note ? `${name} ${note}` : name, to[0] + (side === 'right' ? 4 : -4), to[1]);
  }
  context.textAlign = 'left';
}
