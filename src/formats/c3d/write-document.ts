/** A C3D document to bytes. */

import { ArgumentError } from '../../model/index.ts';
import { type C3dDocument, findParameter } from './document.ts';
import { codecOf, writeValues } from './numbers.ts';
import { BLOCK, encodeParameters } from './parameters.ts';

/**
 * Writes a C3D file: header, all parameter groups, samples, rotations. `readC3d` gives the same document back; only the block
 * numbers where samples begin are set anew.
 * @throws ArgumentError arrays of another length than header and parameters say
 */
export function writeC3d(document: C3dDocument): Uint8Array {
  const { header, frames, points, analog, rotations, processor } = document;
  const pointWords = frames ? points.length / frames : 4 * header.points;
  if (frames && (pointWords % 4 !== 0 || analog.length !== frames * header.analogPerFrame))
    throw new ArgumentError('document', `${points.length} and ${analog.length} samples`, `${frames} whole frames`);
  // block numbers stand inside the section whose length they depend on: same length both times
  const blocks = encodeParameters(document.groups, processor).length / BLOCK;
  const dataStart = 2 + blocks;
  const width = points instanceof Float32Array ? 4 : 2;
  const dataBytes = Math.ceil(((points.length + analog.length) * width) / BLOCK) * BLOCK;
  const rotationStart = dataStart + dataBytes / BLOCK;
  const groups = placed(placed(document.groups, 'POINT', dataStart), 'ROTATION', rotationStart);
  const section = encodeParameters(groups, processor);
  const rotationBytes = rotations ? Math.ceil(rotations.values.byteLength / BLOCK) * BLOCK : 0;
  const out = new Uint8Array(BLOCK + section.length + dataBytes + rotationBytes);
  writeHeader(out, document, dataStart);
  out.set(section, BLOCK);
  let at = BLOCK + section.length;
  for (let frame = 0; frame < frames; frame++) {
    const own = points.subarray(frame * pointWords, (frame + 1) * pointWords);
    writeValues(out, at, own, processor);
    at += own.byteLength;
    const samples = analog.subarray(frame * header.analogPerFrame, (frame + 1) * header.analogPerFrame);
    writeValues(out, at, samples, processor);
    at += samples.byteLength;
  }
  if (rotations) writeValues(out, (rotationStart - 1) * BLOCK, rotations.values, processor);
  return out;
}

/** The groups with DATA_START of one of them set; unchanged where it has none. */
function placed(groups: C3dDocument['groups'], name: string, block: number): C3dDocument['groups'] {
  const parameter = findParameter({ groups }, name, 'DATA_START');
  if (!parameter || parameter.type === 'text' || parameter.values.length === 0) return groups;
  const values = parameter.values.slice();
  values[0] = block;
  return groups.map((group) => ({
    ...group,
    parameters: group.parameters.map((own) => (own === parameter ? { ...own, values } : own)),
  }));
}

function writeHeader(out: Uint8Array, { header, processor, frames }: C3dDocument, dataStart: number): void {
  const codec = codecOf(out, processor);
  const word = (index: number, value: number) => codec.setInt16(2 * (index - 1), value);
  out[0] = 2;
  out[1] = 0x50;
  word(2, header.points);
  word(3, header.analogPerFrame);
  word(4, header.firstFrame);
  word(5, header.lastFrame || Math.min(65_535, frames));
  word(6, header.maxGap);
  codec.setFloat32(12, header.scale);
  word(9, dataStart);
  word(10, header.samplesPerFrame);
  codec.setFloat32(20, header.rateHz);
  header.reserved.slice(0, 137).forEach((value, index) => {
    codec.setInt16(24 + 2 * index, value);
  });
  word(150, header.longLabels ? 12_345 : 0);
  word(151, header.events.length);
  const letters = header.longLabels ? 4 : 2;
  for (const [index, { timeS, shown, label }] of header.events.slice(0, 18).entries()) {
    codec.setFloat32(304 + 4 * index, timeS);
    out[376 + index] = shown ? 0 : 1;
    const text = label.padEnd(letters).slice(0, letters);
    for (let at = 0; at < letters; at++) out[396 + letters * index + at] = text.charCodeAt(at) & 0xff;
  }
}
