/**
 * Skeleton, inertial and depth recordings of the UTD-MHAD kind: `d_skel` (20 Kinect v1 joints), `d_iner`, `d_depth`.
 *
 * The files carry no times; nominal rates stand in and are flagged (`choices.rateHz` overrules them). They do not agree: at 30 and
 * 50 Hz an inertial record lasts 1.58 times as long as the skeleton of the same repetition (median of 861, middle half 1.53 to 1.65),
 * as if the camera had kept 19 frames a second.
 * Kinect's joints are metres with x to the sensor's left and
 * y up, its depth pictures are mirrored: both are turned into the camera frame (x right, y down, z forward), so that left is
 * the subject's left.
 *
 * @see Chen, Jafari, Kehtarnavaz 2015, UTD-MHAD (ICIP)
 */

import type { DepthSequence, PointSequence, QualityFlag, ReadItem, ReadOptions } from '../../model/index.ts';
import { fileError, MAX_ARRAY_BYTES } from '../bytes.ts';
import {
  clockOf,
  KINECT1_JOINTS,
  rateChoice,
  recordingItems,
  skeletonParents,
  vectorChannels,
} from '../recording/index.ts';
import { columnsOf, type MatValue } from './values.ts';

const CAMERA_RATE_HZ = 30;
const SENSOR_RATE_HZ = 50;

const FOCAL_PX = 262.5;
const FOCAL_SOURCE =
  'Kinect v1 at 320 × 240, nominal: half of 525 px at 640 × 480; joints land on the silhouettes for 255 to 270 px';

function nominal(rateHz: number, severity: 'info' | 'doubt', more = ''): QualityFlag {
  const message = `The file carries no times: ${rateHz} Hz, nominal for the device, was taken.${more}`;
  return { code: 'motion.nominal-rate', severity, message };
}

/** Doubt about the camera's rate, unless the user gave it. */
function cameraFlags(options: ReadOptions): QualityFlag[] {
  const more = ' Beside inertial records at 50 Hz it seems to be 19 Hz; the choice rateHz sets it.';
  return rateChoice(options) === undefined ? [nominal(CAMERA_RATE_HZ, 'doubt', more)] : [];
}

/** The item of a file with `d_skel` · shape [20, 3, F] · m. */
export function skeletonItem(file: string, value: MatValue, options: ReadOptions): ReadItem | undefined {
  if (value.type !== 'numbers' || value.size[0] !== 20 || value.size[1] !== 3 || value.size.length > 3)
    return undefined;
  const frames = value.size[2] ?? 1;
  const rateHz = rateChoice(options) ?? CAMERA_RATE_HZ;
  const { data } = value;
  const positions = new Float64Array(frames * 60);
  for (let frame = 0; frame < frames; frame++)
    for (let joint = 0; joint < 20; joint++)
      for (let axis = 0; axis < 3; axis++) {
        const metres = data[frame * 60 + axis * 20 + joint];
        positions[frame * 60 + joint * 3 + axis] = (axis < 2 ? -1000 : 1000) * metres;
      }
  const names: string[] = [...KINECT1_JOINTS];
  const payload: PointSequence = {
    clock: clockOf(file),
    startS: 0,
    rateHz,
    frame: 'camera',
    up: '-y',
    names,
    parents: skeletonParents(names),
    positions,
  };
  return {
    modality: 'motion',
    artifacts: [{ kind: 'sequence.skeleton', payload, name: 'Skeleton' }],
    files: [file],
    device: 'Kinect v1',
    quality: cameraFlags(options),
    metadata: { format: 'MATLAB', frames, points: 20, rateHz: String(rateHz) },
  };
}

/** The item of a file with `d_iner` · shape [N, 6] · g and deg/s. */
export function inertialItems(file: string, value: MatValue, options: ReadOptions): ReadItem[] | undefined {
  const columns = columnsOf(value, 6);
  if (!columns) return undefined;
  const rateHz = rateChoice(options) ?? SENSOR_RATE_HZ;
  const action = Number(/(?:^|\/)a(\d+)_s\d+_t\d+/.exec(file)?.[1]);
  // on the right wrist for actions 1 to 21, on the right thigh for 22 to 27
  const place = Number.isNaN(action) ? {} : { segment: action <= 21 ? 'forearm' : 'thigh', side: 'right' as const };
  const sensor = { sensor: 'imu', ...place };
  const channels = [
    ...vectorChannels('acc', columns.slice(0, 3), { quantity: 'acceleration', unit: '[g]', ...sensor }),
    ...vectorChannels('gyr', columns.slice(3), { quantity: 'angular-rate', unit: 'deg/s', ...sensor }),
  ];
  return recordingItems({
    files: [file],
    format: 'MATLAB',
    streams: [{ clock: clockOf(file), startS: 0, rateHz, channels }],
    quality: rateHz === SENSOR_RATE_HZ ? [nominal(rateHz, 'info')] : [],
  });
}

/** The item of a file with `d_depth` · shape [rows, columns, F] · mm. */
export function depthItem(file: string, value: MatValue, options: ReadOptions): ReadItem | undefined {
  if (value.type !== 'numbers' || value.size.length > 3) return undefined;
  const [height, width, frames = 1] = value.size;
  const rateHz = rateChoice(options) ?? CAMERA_RATE_HZ;
  if (width * height * frames * 2 > MAX_ARRAY_BYTES)
    throw fileError('file.too-large', file, 'The depth pictures need more memory than this program takes', {
      place: 'variable d_depth',
      detail: `${width} × ${height} × ${frames}`,
      hint: 'Split the sequence.',
    });
  const { data } = value;
  const depthMm = new Uint16Array(width * height * frames);
  for (let frame = 0; frame < frames; frame++) {
    const base = frame * width * height;
    for (let column = 0; column < width; column++)
      for (let row = 0; row < height; row++)
        depthMm[base + row * width + (width - 1 - column)] = data[base + column * height + row];
  }
  const focal = (FOCAL_PX * width) / 320;
  const payload: DepthSequence = {
    clock: clockOf(file),
    startS: 0,
    rateHz,
    width,
    height,
    depthMm,
    intrinsics: { fx: focal, fy: focal, cx: width / 2 - 1, cy: height / 2, source: FOCAL_SOURCE },
  };
  return {
    modality: 'video3d',
    artifacts: [{ kind: 'sequence.depth', payload, name: 'Depth pictures' }],
    files: [file],
    device: 'Kinect v1',
    quality: [
      ...cameraFlags(options),
      { code: 'depth.nominal-camera', severity: 'info', message: `The camera was not calibrated: ${FOCAL_SOURCE}.` },
    ],
    metadata: { format: 'MATLAB', frames, width, height, rateHz: String(rateHz) },
  };
}
