/** Intrinsics of a depth camera: from a JSON file beside the pictures, or what is usual for a picture of that size. */

import type { DepthSequence } from '../../model/index.ts';
import { messageOf } from '../../model/index.ts';
import { fileError } from '../bytes.ts';

/** What a camera file says. */
export interface CameraFile {
  intrinsics: Omit<DepthSequence['intrinsics'], 'source'>;
  width?: number;
  height?: number;
  /** stored units per metre */
  unitsPerM?: number;
  rateHz?: number;
}

/** Nominal pinholes by picture size · px. */
const NOMINAL: Record<string, { fx: number; cx: number; cy: number; of: string }> = {
  '512x424': { fx: 365.5, cx: 257, cy: 205, of: 'Kinect v2' },
  '640x480': { fx: 525, cx: 319.5, cy: 239.5, of: 'Kinect v1 and its kin' },
  '320x240': { fx: 262.5, cx: 159.5, cy: 119.5, of: 'Kinect v1 at half size' },
};

/** True for the beginning of a JSON file with intrinsics. */
export function isCamera(text: string): boolean {
  return /^\s*\{/.test(text) && /"(fx|intrinsic_matrix|focal_length)"\s*:/.test(text) && !/"schemaVersion"/.test(text);
}

/**
 * Reads a camera file: `{ "fx": …, "fy": …, "cx": …, "cy": … }`, or Open3D's `intrinsic_matrix` column by column.
 * @throws MsdtError `file.malformed`
 */
export function parseCamera(text: string, file: string): CameraFile {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(file, messageOf(error));
  }
  const matrix = Array.isArray(document.intrinsic_matrix) ? document.intrinsic_matrix.flat().map(Number) : undefined;
  const by = (name: string, index: number): number => (matrix ? matrix[index] : Number(document[name]));
  const intrinsics = {
    fx: by('fx', 0),
    fy: by('fy', 4),
    // column by column, unless the last row is the one of zeros
    cx: matrix && matrix[2] !== 0 ? matrix[2] : by('cx', 6),
    cy: matrix && matrix[5] !== 0 ? matrix[5] : by('cy', 7),
  };
  if (!(intrinsics.fx > 0 && intrinsics.fy > 0 && intrinsics.cx >= 0 && intrinsics.cy >= 0))
    throw wrong(file, `fx ${intrinsics.fx}, fy ${intrinsics.fy}, cx ${intrinsics.cx}, cy ${intrinsics.cy}`);
  const number = (...names: string[]): number | undefined =>
    names.map((name) => Number(document[name])).find((value) => value > 0);
  const [width, height] = [number('width'), number('height')];
  const unitsPerM = number('depth_scale', 'depthScale', 'unitsPerM');
  const rateHz = number('rateHz', 'fps');
  return {
    intrinsics,
    ...(width ? { width } : {}),
    ...(height ? { height } : {}),
    ...(unitsPerM ? { unitsPerM } : {}),
    ...(rateHz ? { rateHz } : {}),
  };
}

function wrong(file: string, detail: string) {
  return fileError('file.malformed', file, 'The camera file cannot be read', {
    place: 'fx, fy, cx, cy',
    detail,
    hint: 'Give {"fx": …, "fy": …, "cx": …, "cy": …} in pixels, or a 3 × 3 "intrinsic_matrix" as Open3D writes it.',
  });
}

/** What is usual for pictures of a size. */
export function nominalCamera(width: number, height: number): DepthSequence['intrinsics'] {
  const known = NOMINAL[`${width}x${height}`];
  if (known) return { fx: known.fx, fy: known.fx, cx: known.cx, cy: known.cy, source: `nominal for ${known.of}` };
  const focal = 0.82 * width;
  return {
    fx: focal,
    fy: focal,
    cx: (width - 1) / 2,
    cy: (height - 1) / 2,
    source: 'assumed: focal length 0.82 of the width, centre in the middle',
  };
}
