/** One scan of keypoints: the list as it stands in JSON, every field checked. Coordinates are DICOM LPS in mm. */

import { messageOf, parseLevel, type Vec3, type VertebraLevel } from '../../model/index.ts';
import { fileError } from '../bytes.ts';

/** A detected or marked point as the file gives it. */
export interface Keypoint {
  type: 'body' | 'left' | 'right';
  /** patient frame (LPS) · mm */
  xyz: Vec3;
  /** levels stand at bodies only */
  level?: VertebraLevel;
  /** C, T or L of a network's detection */
  segment?: string;
  /** place in the list, from 0 */
  index: number;
}

/** No scan has more points; the largest known has 78. */
const MOST_POINTS = 5000;

/** Farther than this from the origin is no place in a scanner · mm */
const FARTHEST_MM = 20_000;

type Json = Record<string, unknown>;

/**
 * Reads the text of one scan.
 *
 * @param bytes - JSON, UTF-8
 * @param file - name for messages
 * @throws MsdtError `file.truncated`, `file.malformed` not a list of keypoints, with the place · `input.empty` an empty list
 */
export function parseKeypoints(bytes: Uint8Array, file: string): Keypoint[] {
  const json = parseJson(bytes, file);
  if (!Array.isArray(json)) throw wrong(file, 'whole file', 'a list of keypoints is needed');
  if (json.length === 0)
    throw fileError('input.empty', file, 'The file holds no keypoint', {
      detail: 'an empty list',
      hint: 'Detection found nothing in this scan; leave the file out.',
    });
  if (json.length > MOST_POINTS)
    throw fileError('file.too-large', file, 'The file holds more keypoints than one scan has', {
      detail: `${json.length} points, at most ${MOST_POINTS}`,
      hint: 'Write one file for each scan.',
    });
  return json.map((entry, index) => keypointAt(entry, index, file));
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice()));
  } catch (cause) {
    const message = messageOf(cause);
    const cut = /end of JSON|Unterminated/i.test(message);
    throw fileError(cut ? 'file.truncated' : 'file.malformed', file, 'The keypoint file is not right', {
      place: cut ? `byte ${bytes.length}` : (/(position|column) \d+/.exec(message)?.[0] ?? 'text'),
      detail: message.slice(0, 200),
      hint: 'The file is damaged or cut short: copy or export it again, as UTF-8.',
      cause,
    });
  }
}

function wrong(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The keypoint file is not what it should be', {
    place,
    detail,
    hint: 'Each entry needs coordinates.world_space [x, y, z] in mm and type.keypoint_type body, left or right.',
  });
}

function objectAt(value: unknown, file: string, place: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(file, place, 'an object is needed');
}

function keypointAt(entry: unknown, index: number, file: string): Keypoint {
  const place = `[${index}]`;
  const whole = objectAt(entry, file, place);
  const coordinates = objectAt(whole.coordinates, file, `${place}.coordinates`);
  const about = objectAt(whole.type, file, `${place}.type`);
  const type = about.keypoint_type;
  if (type !== 'body' && type !== 'left' && type !== 'right')
    throw wrong(file, `${place}.type.keypoint_type`, `"${String(type).slice(0, 40)}" is not body, left or right`);
  const point: Keypoint = { type, xyz: vectorAt(coordinates.world_space, file, place), index };
  const level = levelAt(about.spine_level, file, place);
  if (level) point.level = level;
  if (typeof about.spine_segment === 'string') point.segment = about.spine_segment.slice(0, 20);
  return point;
}

function vectorAt(value: unknown, file: string, place: string): Vec3 {
  const path = `${place}.coordinates.world_space`;
  if (!Array.isArray(value) || value.length !== 3) throw wrong(file, path, 'three numbers are needed');
  for (const number of value) {
    if (typeof number !== 'number' || !(Math.abs(number) <= FARTHEST_MM))
      throw wrong(file, path, `"${String(number).slice(0, 40)}" is no coordinate in mm`);
  }
  return [value[0], value[1], value[2]];
}

function levelAt(value: unknown, file: string, place: string): VertebraLevel | undefined {
  if (value === undefined || value === null) return undefined;
  const level = typeof value === 'string' && value.length < 20 ? parseLevel(value) : undefined;
  if (level) return level;
  throw wrong(file, `${place}.type.spine_level`, `"${String(value).slice(0, 40)}" is no vertebral level`);
}
