/** What stands in words over a slice: its number, the grey window, scale bar, the value and label under the cursor. */

import { parseLevel, type Vec3 } from '../../../model/index.ts';
import { formatNumber } from '../../kit/number/format.ts';
import { type SliceFrame, scaleBarMm, scaleBarText } from './plane.ts';
import type { LabelLayer } from './slice-picture.ts';
import type { SliceViewProps } from './slice-view.tsx';

export interface SliceParts {
  picture: HTMLCanvasElement;
  overlay: HTMLCanvasElement;
  index: HTMLElement;
  grade: HTMLElement;
  readout: HTMLElement;
  scale: HTMLElement;
  progress: HTMLElement;
}

/** Number of the slice, window, scale bar, and how much has arrived. */
export function writeFurniture(
  parts: SliceParts,
  frame: SliceFrame,
  props: SliceViewProps,
  slice: { at: number; of: number },
): void {
  const { volume, window: grey } = props;
  const { index, grade, scale, progress } = parts;
  setText(index, volume ? `${slice.at}/${slice.of}` : '');
  setText(grade, volume ? `W ${Math.round(grey.width)}  L ${Math.round(grey.level)}` : '');
  const mm = volume ? scaleBarMm(frame.mmPerPixel) : 0;
  scale.style.display = mm > 0 ? '' : 'none';
  if (scale.childNodes.length === 0) scale.append(document.createElement('span'), document.createElement('i'));
  setText(scale.firstChild as HTMLElement, scaleBarText(mm));
  (scale.lastChild as HTMLElement).style.width = `${mm / frame.mmPerPixel}px`;
  const loaded = volume ? volume.progress : 1;
  progress.style.width = loaded < 1 ? `${100 * loaded}%` : '0';
}

/** Letters of the directions along x, y and z of the patient frame, and of their opposites. */
const SIDES = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/** Value, label and place under the cursor; empty outside the volume. */
export function writeReadout(parts: SliceParts, { volume, labels, unit }: SliceViewProps, at: Vec3 | undefined): void {
  const value = at && volume?.valueAt(at);
  if (!at || !volume || value === undefined) {
    setText(parts.readout, '');
    return;
  }
  const place = SIDES.map(([plus, minus], i) => `${at[i] < 0 ? minus : plus} ${Math.abs(at[i]).toFixed(0)}`);
  const name = labelName(labels, at);
  setText(
    parts.readout,
    `${formatNumber(value, volume.slope === 1 ? 0 : 2)} ${unit}${name ? `   ${name}` : ''}\n${place.join('  ')} mm`,
  );
}

function labelName(labels: LabelLayer | undefined, at: Vec3): string {
  const mark = labels?.source.valueAt(at) ?? 0;
  if (mark === 0) return '';
  const entry = labels?.source.labels.find((label) => label.value === mark);
  return entry?.level ?? entry?.name ?? `label ${mark}`;
}

/** Vertebral level of the label at a place. */
export function levelAt({ labels }: SliceViewProps, at: Vec3): string | undefined {
  const mark = labels?.source.valueAt(at);
  const entry = mark ? labels?.source.labels.find((label) => label.value === mark) : undefined;
  return entry?.level ?? (entry ? parseLevel(entry.name) : undefined);
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
