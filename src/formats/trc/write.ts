/** Writes TRC marker files as OpenSim reads them: tab-separated, millimetres, empty cells for gaps. */

import { frameCount, type PointSequence, sampleTimeS, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

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
