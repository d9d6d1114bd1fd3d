/**
 * Stored pixel values to the quantity they stand for (DICOM rescale slope and intercept), in place. O(voxels); in
 * WebAssembly eight values at a time when the data lies in an arena, about one pass over memory.
 */
import { expectArgument } from '../../argument-error.ts';
import { openWorkspace } from '../../memory.ts';

/**
 * `value · slope + intercept`, rounded half up and held within 16 bits, written over the stored values.
 *
 * @param stored - stored values, signed or not; overwritten
 * @param slope - unit of the quantity per stored unit
 * @param intercept - quantity at stored 0 · for CT: HU
 * @returns the same memory as signed 16-bit numbers · unit of the quantity
 * @throws ArgumentError when slope or intercept are not finite
 * @example [...rescaleToInt16(new Uint16Array([0, 1024, 65535]), 1, -1024)] // [-1024, 0, 32767]
 */
export function rescaleToInt16(stored: Int16Array | Uint16Array, slope: number, intercept: number): Int16Array {
  expectArgument(Number.isFinite(slope) && Number.isFinite(intercept), 'slope', [slope, intercept], 'finite numbers');
  const out = new Int16Array(stored.buffer, stored.byteOffset, stored.length);
  const signed = stored instanceof Int16Array;
  if (slope === 1 && intercept === 0 && signed) return out;
  if (rescaleSimd(stored, signed, slope, intercept)) return out;
  for (let i = 0; i < stored.length; i++) {
    const v = Math.floor(stored[i] * slope + intercept + 0.5);
    out[i] = v < -32768 ? -32768 : v > 32767 ? 32767 : v;
  }
  return out;
}

function rescaleSimd(stored: Int16Array | Uint16Array, signed: boolean, slope: number, intercept: number): boolean {
  const space = openWorkspace(64, stored);
  if (!space?.holdsData) return false;
  const { kernels } = space;
  const at = stored.byteOffset;
  // beyond this the sum may leave 32 bits
  if (slope === 1 && Number.isInteger(intercept) && Math.abs(intercept) < 2 ** 30) {
    if (signed) kernels.shiftI16(at, stored.length, intercept);
    else kernels.shiftU16(at, stored.length, intercept);
  } else kernels.scale16(at, stored.length, signed ? 1 : 0, slope, intercept);
  return true;
}
