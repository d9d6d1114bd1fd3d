/** NIfTI files whose headers a test may turn around. */

import { nifti } from '../../../src/formats/nifti/index.ts';
import type { Labelmap, Volume } from '../../../src/model/index.ts';
import { ctVolume, memoryFile, readOne } from './formats.ts';

/** Bytes of a plain NIfTI-1 whose header a test may turn around. */
export function plainFile(volume: Volume = ctVolume(), edit: (view: DataView) => void = () => {}): Uint8Array {
  const written = nifti.write?.({ kind: 'volume.other', payload: volume, name: 'x' }) as { bytes: Uint8Array }[];
  const source = written[0].bytes;
  const offset = new DataView(source.buffer).getFloat32(108, true);
  // without our notes, so that only the fixed header speaks
  const bytes = new Uint8Array(352 + source.length - offset);
  bytes.set(source.subarray(0, 348));
  bytes.set(source.subarray(offset), 352);
  const view = new DataView(bytes.buffer);
  view.setFloat32(108, 352, true);
  edit(view);
  return bytes;
}

/** Reads bytes as a file of that name. */
export async function readBytes(bytes: Uint8Array, name = 'x.nii', choices?: Record<string, string>) {
  const item = await readOne(nifti, [memoryFile(name, bytes)], { choices });
  return { item, volume: item.artifacts[0].payload as Volume & Labelmap };
}

/** Codes of what is doubted. */
export const codes = (item: { quality: { code: string }[] }) => item.quality.map(({ code }) => code);
