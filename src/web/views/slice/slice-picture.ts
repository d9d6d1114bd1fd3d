/**
 * The pixels of one slice: grey levels resliced at screen resolution, windowed, with labels laid over.
 *
 * The resliced numbers are kept, so that a change of window alone costs one pass over the pixels.
 */

import { resliceNearest, resliceTrilinear } from '../../../kernel/index.ts';
import { type Grid, type Vec3, xyzToIjk } from '../../../model/index.ts';
import { levelColour, type Rgb } from '../../kit/colour.ts';
import { pixelToWorld, type SliceFrame } from './plane.ts';
import type { VolumeSource } from './volume-source.ts';
import type { GreyWindow } from './window.ts';

export interface LabelLayer {
  source: VolumeSource;
  /** 0 to 1 */
  opacity: number;
  outline: boolean;
  /** level drawn stronger than the rest */
  chosen?: string;
}

export interface SlicePictureInput {
  frame: SliceFrame;
  volume?: VolumeSource;
  window: GreyWindow;
  labels?: LabelLayer;
}

const OUTSIDE = -1e30;

interface KernelPlane {
  origin: Vec3;
  u: Vec3;
  v: Vec3;
  width: number;
  height: number;
  background: number;
}

export class SlicePicture {
  private grey = new Float32Array(0);
  private marks: Uint8Array | Uint16Array = new Uint8Array(0);
  private image: ImageData | undefined;
  private greyKey = '';
  private marksKey = '';
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** Draws; `fresh` says that more of the volume has arrived. */
  draw(input: SlicePictureInput, pixelRatio: number, fresh: boolean): void {
    const { frame, volume, labels } = input;
    const width = Math.max(1, Math.round(frame.width * pixelRatio));
    const height = Math.max(1, Math.round(frame.height * pixelRatio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) return;
    if (!this.image || this.image.width !== width || this.image.height !== height)
      this.image = context.createImageData(width, height);
    const key = `${frame.plane} ${frame.centre.join(' ')} ${frame.mmPerPixel} ${width} ${height}`;
    if (volume && (fresh || this.greyKey !== key)) {
      if (this.grey.length !== width * height) this.grey = new Float32Array(width * height);
      resliceTrilinear(
        volume.data,
        volume.grid.size,
        kernelPlane(frame, volume.grid, width, height, OUTSIDE),
        this.grey,
      );
      this.greyKey = key;
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    if (volume) paintGrey(pixels, this.grey, volume, input.window);
    else pixels.fill(0xff000000);
    if (labels && labels.opacity > 0) {
      if (fresh || this.marksKey !== key) this.sliceLabels(labels.source, frame, width, height);
      this.marksKey = key;
      paintLabels(pixels, this.marks, width, height, labels, Math.max(1, Math.round(pixelRatio)));
    }
    context.putImageData(this.image, 0, 0);
  }

  /** Forgets what was resliced: another volume or label map has come. */
  forget(): void {
    this.greyKey = '';
    this.marksKey = '';
  }

  private sliceLabels(source: VolumeSource, frame: SliceFrame, width: number, height: number): void {
    const data =
      source.data instanceof Uint8Array || source.data instanceof Uint16Array
        ? source.data
        : Uint16Array.from(source.data);
    if (this.marks.length !== width * height || this.marks.constructor !== data.constructor)
      this.marks = data instanceof Uint8Array ? new Uint8Array(width * height) : new Uint16Array(width * height);
    resliceNearest(data, source.grid.size, kernelPlane(frame, source.grid, width, height, 0), this.marks);
  }
}

function kernelPlane(frame: SliceFrame, grid: Grid, width: number, height: number, background: number): KernelPlane {
  const sx = frame.width / width;
  const sy = frame.height / height;
  const origin = xyzToIjk(grid, pixelToWorld(frame, 0.5 * sx, 0.5 * sy));
  const right = xyzToIjk(grid, pixelToWorld(frame, 1.5 * sx, 0.5 * sy));
  const down = xyzToIjk(grid, pixelToWorld(frame, 0.5 * sx, 1.5 * sy));
  const minus = (a: Vec3, b: Vec3): Vec3 => [clean(a[0] - b[0]), clean(a[1] - b[1]), clean(a[2] - b[2])];
  return {
    origin: [clean(origin[0]), clean(origin[1]), clean(origin[2])],
    u: minus(right, origin),
    v: minus(down, origin),
    width,
    height,
    background,
  };
}

/** Takes rounding noise off, so that a slice through voxel centres needs no neighbours. */
function clean(x: number): number {
  const near = Math.round(x);
  return Math.abs(x - near) < 1e-6 ? near : x;
}

function paintGrey(pixels: Uint32Array, grey: Float32Array, volume: VolumeSource, window: GreyWindow): void {
  const low = (window.level - window.width / 2 - volume.intercept) / volume.slope;
  const scale = (255 * volume.slope) / window.width;
  for (let p = 0; p < pixels.length; p++) {
    let g = (grey[p] - low) * scale;
    g = g < 0 ? 0 : g > 255 ? 255 : g | 0;
    pixels[p] = 0xff000000 | (g << 16) | (g << 8) | g;
  }
}

interface Tone {
  rgb: Rgb;
  fill: number;
  edge: number;
}

function paintLabels(
  pixels: Uint32Array,
  marks: Uint8Array | Uint16Array,
  width: number,
  height: number,
  layer: LabelLayer,
  thick: number,
): void {
  const tones = new Map<number, Tone>();
  for (const entry of layer.source.labels) {
    const chosen = layer.chosen?.split('-').includes(entry.level ?? '') ?? false;
    const rgb: Rgb = entry.level ? levelColour(entry.level) : (entry.color ?? levelColour(undefined));
    const fill = (layer.outline ? 0.42 : 0.85) * layer.opacity;
    tones.set(entry.value, {
      rgb,
      fill: chosen ? Math.min(0.8, fill * 1.6) : fill,
      edge: layer.outline ? Math.min(1, layer.opacity * 1.6) : fill,
    });
  }
  const other: Tone = { rgb: levelColour(undefined), fill: 0.3 * layer.opacity, edge: layer.opacity };
  for (let y = 0, p = 0; y < height; y++) {
    const up = y >= thick ? thick * width : 0;
    for (let x = 0; x < width; x++, p++) {
      const mark = marks[p];
      if (mark === 0) continue;
      const back = x >= thick ? thick : 0;
      const ahead = x < width - thick ? thick : 0;
      const below = y < height - thick ? thick * width : 0;
      const edge =
        marks[p - back] !== mark || marks[p + ahead] !== mark || marks[p - up] !== mark || marks[p + below] !== mark;
      const tone = tones.get(mark) ?? other;
      const a = edge ? tone.edge : tone.fill;
      const was = pixels[p];
      const r = (was & 255) + a * (tone.rgb[0] - (was & 255));
      const g = ((was >> 8) & 255) + a * (tone.rgb[1] - ((was >> 8) & 255));
      const b = ((was >> 16) & 255) + a * (tone.rgb[2] - ((was >> 16) & 255));
      pixels[p] = 0xff000000 | (b << 16) | (g << 8) | r;
    }
  }
}
