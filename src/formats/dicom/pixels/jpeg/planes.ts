/** From coefficient blocks to samples of full size: inverse DCT, then chroma brought up to the luma grid. */

import type { Plane } from './coefficients.ts';
import { type BlockTarget, inverseDct } from './idct.ts';
import { type JpegHeader, type JpegState, jpegError } from './markers.ts';

/**
 * Samples of every component on the full grid.
 * @returns one array of rows × columns per component
 */
export function planeSamples(state: JpegState, header: JpegHeader, planes: Plane[]): Uint16Array[] {
  const hMost = Math.max(...planes.map((p) => p.h));
  const vMost = Math.max(...planes.map((p) => p.v));
  return planes.map((plane, n) => {
    const quant = state.quant[header.components[n].quantTable];
    if (!quant) throw jpegError(state, 0, `component ${n + 1} without its quantisation table`);
    const target: BlockTarget = {
      samples: new Uint16Array(plane.blocksWide * 8 * plane.blocksHigh * 8),
      stride: plane.blocksWide * 8,
      precision: header.precision,
    };
    for (let y = 0; y < plane.blocksHigh; y++) {
      for (let x = 0; x < plane.blocksWide; x++) {
        const to = y * 8 * target.stride + x * 8;
        inverseDct(plane.coefficients, (y * plane.blocksWide + x) * 64, quant, target, to);
      }
    }
    const wide = Math.ceil((header.columns * plane.h) / hMost);
    const high = Math.ceil((header.rows * plane.v) / vMost);
    return upsample(crop(target, wide, high), { wide, high, x: hMost / plane.h, y: vMost / plane.v }, header);
  });
}

function crop(target: BlockTarget, wide: number, high: number): Uint16Array {
  if (target.stride === wide) return target.samples.subarray(0, wide * high);
  const out = new Uint16Array(wide * high);
  for (let y = 0; y < high; y++) {
    out.set(target.samples.subarray(y * target.stride, y * target.stride + wide), y * wide);
  }
  return out;
}

interface Reduced {
  wide: number;
  high: number;
  /** how many times smaller than the full grid */
  x: number;
  y: number;
}

function upsample(samples: Uint16Array, size: Reduced, header: JpegHeader): Uint16Array {
  const { rows, columns } = header;
  if (size.x === 1 && size.y === 1) return samples;
  if (size.x === 2 && size.y === 1 && size.wide > 2) return doubleWidth(samples, size, columns, rows);
  if (size.x === 2 && size.y === 2 && size.wide > 2) return doubleBoth(samples, size, columns, rows);
  const out = new Uint16Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const from = Math.min(size.high - 1, Math.floor(y / size.y)) * size.wide;
    for (let x = 0; x < columns; x++) {
      out[y * columns + x] = samples[from + Math.min(size.wide - 1, Math.floor(x / size.x))];
    }
  }
  return out;
}

/** Chroma samples lie between two luma samples: each output is 3/4 of the near and 1/4 of the far neighbour. */
function doubleWidth(samples: Uint16Array, size: Reduced, columns: number, rows: number): Uint16Array {
  const out = new Uint16Array(rows * columns);
  const last = size.wide - 1;
  for (let y = 0; y < rows; y++) {
    const from = y * size.wide;
    for (let x = 0; x < columns; x++) {
      const near = x >> 1;
      const far = x & 1 ? Math.min(last, near + 1) : Math.max(0, near - 1);
      const round = x & 1 ? 2 : 1;
      out[y * columns + x] =
        near === far ? samples[from + near] : (3 * samples[from + near] + samples[from + far] + round) >> 2;
    }
  }
  return out;
}

/** The same in both directions: weights 9/16, 3/16, 3/16, 1/16. */
function doubleBoth(samples: Uint16Array, size: Reduced, columns: number, rows: number): Uint16Array {
  const out = new Uint16Array(rows * columns);
  const last = size.wide - 1;
  for (let y = 0; y < rows; y++) {
    const nearRow = Math.min(size.high - 1, y >> 1);
    const farRow = y & 1 ? Math.min(size.high - 1, nearRow + 1) : Math.max(0, nearRow - 1);
    const a = nearRow * size.wide;
    const b = farRow * size.wide;
    for (let x = 0; x < columns; x++) {
      const near = x >> 1;
      const far = x & 1 ? near + 1 : near - 1;
      const here = 3 * samples[a + near] + samples[b + near];
      const outside = far < 0 || far > last;
      const there = outside ? here : 3 * samples[a + far] + samples[b + far];
      const round = x & 1 ? 7 : 8;
      out[y * columns + x] = (3 * here + there + round) >> 4;
    }
  }
  return out;
}
