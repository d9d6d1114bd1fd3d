/** Grey window of a volume: presets, a first guess, and what a drag does. */

import type { VolumeSource } from './volume-source.ts';

export interface GreyWindow {
  width: number;
  level: number;
}

export interface WindowPreset {
  name: string;
  key: string;
  window: GreyWindow;
}

/** Presets for CT · HU; the keys work while a slice has the focus. */
export const CT_PRESETS: readonly WindowPreset[] = [
  { name: 'Soft tissue', key: '1', window: { width: 400, level: 40 } },
  { name: 'Bone', key: '2', window: { width: 1800, level: 400 } },
  { name: 'Spine', key: '3', window: { width: 900, level: 220 } },
  { name: 'Lung', key: '4', window: { width: 1500, level: -600 } },
];

/** Window of a CT at first sight, or the 1st to 99th percentile of what has arrived of any other volume. */
export function firstWindow(source: VolumeSource, kind: string): GreyWindow {
  if (kind === 'volume.ct') return CT_PRESETS[2].window;
  const { data, slope, intercept, grid, arrived } = source;
  const slice = grid.size[0] * grid.size[1];
  const k = Math.max(0, arrived.indexOf(1));
  const sample: number[] = [];
  for (let i = k * slice; i < (k + 1) * slice; i += 7) sample.push(data[i] * slope + intercept);
  sample.sort((a, b) => a - b);
  const low = sample[Math.floor(0.01 * (sample.length - 1))] ?? 0;
  const high = sample[Math.floor(0.99 * (sample.length - 1))] ?? 1;
  return { width: Math.max(high - low, 1e-6), level: (low + high) / 2 };
}

/** Window after a drag: right widens, up brightens, in steps that suit the window's own size. */
export function draggedWindow(start: GreyWindow, dx: number, dy: number): GreyWindow {
  const pace = Math.max(start.width, 1e-6) / 250;
  return { width: Math.max(start.width + dx * pace, start.width / 1000, 1e-6), level: start.level + dy * pace };
}
