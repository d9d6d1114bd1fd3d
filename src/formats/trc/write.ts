/** Writes TRC marker files as OpenSim reads them: tab-separated, millimetres, empty cells for gaps. */

import {
  type AxisDirection,
  frameCount,
  MsdtError,
  type PointSequence,
  sampleTimeS,
  type WrittenFile,
} from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

/** Turns that bring each axis up to +y: for every new axis the old one and its sign. */
const TO_Y_UP: Record<AxisDirection, readonly (readonly [axis: number, sign: number])[]> = {
  '+y': [
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  '-y': [
    [0, 1],
    [1, -1],
    [2, -1],
  ],
  '+z': [
    [0, 1],
    [2, 1],
    [1, -1],
  ],
  '-z': [
    [0, 1],
    [2, -1],
    [1, 1],
  ],
  '+x': [
    [1, -1],
    [0, 1],
    [2, 1],
  ],
  '-x': [
    [1, 1],
    [0, -1],
    [2, 1],
  ],
};

/**
 * The points turned so that y points up, as OpenSim wants them.
 * @throws MsdtError `parameter.invalid` the sequence does not know which way is up
 */
export function turnedUp(sequence: PointSequence): PointSequence {
  const { up, positions } = sequence;
  if (!up)
    throw new MsdtError('parameter.invalid', 'The points cannot be turned upright', {
      where: { place: 'choices.up' },
      detail: 'the recording does not say which axis points up',
      hint: 'Write them without the choice up=y and turn them in OpenSim.',
    });
  const turn = TO_Y_UP[up];
  const turned = positions.map((_, at) => turn[at % 3][1] * positions[at - (at % 3) + turn[at % 3][0]]);
  return { ...sequence, up: '+y', positions: turned };
}

/** A marker file of a sequence of points. */
export function writeTrc(sequence: PointSequence, name: string, unit: 'mm' | 'm'): WrittenFile {
  const { names, positions, rateHz } = sequence;
  const frames = frameCount(sequence);
  const file = `${fileNameOf(name)}.trc`;
  const scale = unit === 'm' ? 1000 : 1;
  const single = positions instanceof Float32Array;
  const text = (value: number) =>
    Number.isNaN(value) ? '' : String(single ? Number((value / scale).toPrecision(9)) : value / scale);
  const lines = [
    `PathFileType\t4\t(X/Y/Z)\t${file}`,
    'DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames',
    [rateHz, rateHz, frames, names.length, unit, rateHz, 1, frames].join('\t'),
    `Frame#\tTime\t${names.map((label) => `${label.replace(/[\t\r\n]+/g, ' ')}\t\t`).join('\t')}`,
    `\t\t${names.map((_, index) => ['X', 'Y', 'Z'].map((axis) => `${axis}${index + 1}`).join('\t')).join('\t')}`,
    '',
  ];
  const width = 3 * names.length;
  for (let frame = 0; frame < frames; frame++) {
    const row = Array.from(positions.subarray(frame * width, (frame + 1) * width), text);
    lines.push([frame + 1, sampleTimeS(sequence, frame), ...row].join('\t'));
  }
  return { name: file, bytes: utf8(`${lines.join('\n')}\n`), mediaType: 'text/plain' };
}
