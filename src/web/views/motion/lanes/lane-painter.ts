/**
 * Draws one channel into a picture, pixel column by pixel column: from the least to the most value of its stretch of time.
 *
 * Straight into the pixels, since thousands of canvas strokes a frame are too slow without a GPU: 16 lanes of 1100 pixels take
 * about 2 ms, whatever the length of the recording.
 */

import { type ClockMap, sampleAt, unmapTimeS } from '../../../../model/index.ts';
import type { Rgb } from '../../../kit/colour.ts';
import { extremes } from '../recording/pyramid.ts';
import type { Channel, RecordingTime } from '../recording/recording.ts';

export interface Picture {
  pixels: Uint32Array;
  width: number;
  height: number;
}

/** Where a lane lies in the picture, and what it spans · px and the channel's unit */
export interface LaneBox {
  top: number;
  height: number;
  low: number;
  high: number;
}

export interface Line {
  channel: Channel;
  time: RecordingTime & { count: number };
  map: ClockMap | undefined;
}

/** Seconds at the left edge and per pixel. */
export interface TimeView {
  startS: number;
  perPixelS: number;
}

/** Sample number at a time of the screen's clock, with its fraction; beyond the ends it goes on evenly. */
export function indexAt({ time, map }: Pick<Line, 'time' | 'map'>, timeS: number): number {
  const own = map ? unmapTimeS(map, timeS) : timeS;
  if (!time.timeS) return (own - time.startS) * time.rateHz;
  const below = sampleAt(time, own, time.count);
  if (below < 0) return (own - time.timeS[0]) * time.rateHz;
  if (below >= time.count - 1) return time.count - 1 + (own - time.timeS[time.count - 1]) * time.rateHz;
  return below + (own - time.timeS[below]) / (time.timeS[below + 1] - time.timeS[below]);
}

/** Value between two samples; NaN beyond the ends or where one is missing. */
export function valueAt(values: Float32Array, index: number): number {
  if (index < 0 || index > values.length - 1) return Number.NaN;
  const below = Math.floor(index);
  const share = index - below;
  return share === 0 ? values[below] : values[below] + share * (values[below + 1] - values[below]);
}

const found = new Float64Array(2);

/** Least and most of a stretch that a pixel column stands for, joined to its neighbours. */
function columnRange(channel: Channel, from: number, to: number): void {
  if (to - from > 32) {
    extremes(channel, Math.floor(from), Math.ceil(to) + 1, found);
    return;
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const { values } = channel;
  const take = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  take(valueAt(values, from));
  take(valueAt(values, to));
  const last = Math.min(values.length - 1, Math.floor(to));
  for (let i = Math.max(0, Math.ceil(from)); i <= last; i++) take(values[i]);
  found[0] = low <= high ? low : Number.NaN;
  found[1] = high;
}

/** Draws the channel into its lane; `thick` is the width of the line · px */
export function paintLine(picture: Picture, box: LaneBox, view: TimeView, line: Line, ink: Rgb, thick: number): void {
  const { pixels, width } = picture;
  const perValue = box.height / (box.high - box.low || 1);
  const bottom = Math.min(picture.height, box.top + box.height);
  const top = Math.max(0, box.top);
  const count = line.channel.values.length;
  const solid = 0xff000000 | (ink[2] << 16) | (ink[1] << 8) | ink[0];
  let right = indexAt(line, view.startS);
  for (let x = 0; x < width; x++) {
    const left = right;
    right = indexAt(line, view.startS + (x + 1) * view.perPixelS);
    if (right < 0 || left > count - 1) continue;
    columnRange(line.channel, left, right);
    if (Number.isNaN(found[0])) continue;
    const from = Math.max(top, box.top + (box.high - found[1]) * perValue - thick / 2);
    const to = Math.min(bottom, box.top + (box.high - found[0]) * perValue + thick / 2);
    if (to <= from) continue;
    const first = Math.floor(from);
    const last = Math.min(bottom - 1, Math.ceil(to) - 1);
    for (let y = first, at = first * width + x; y <= last; y++, at += width) {
      const cover = Math.min(to, y + 1) - Math.max(from, y);
      pixels[at] = cover >= 0.999 ? solid : blend(pixels[at], ink, cover);
    }
  }
}

function blend(under: number, [r, g, b]: Rgb, cover: number): number {
  const mix = (was: number, now: number): number => (was + cover * (now - was)) | 0;
  return 0xff000000 | (mix((under >> 16) & 255, b) << 16) | (mix((under >> 8) & 255, g) << 8) | mix(under & 255, r);
}

/** Fills rows of the picture with one colour. */
export function fillRows({ pixels, width, height }: Picture, from: number, to: number, [r, g, b]: Rgb): void {
  pixels.fill(0xff000000 | (b << 16) | (g << 8) | r, Math.max(0, from) * width, Math.min(height, to) * width);
}
