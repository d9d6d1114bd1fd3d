/**
 * C3D recordings: markers, model outputs, segment poses, analog channels, force plates and events of one trial.
 *
 * Reading: `choices.prefix` = `keep` leaves the subject's name in front of marker names.
 * Writing: single precision; what the format has no place for goes into a group of its own, which other programs pass over.
 */

import type { ArtifactKind, Format, WrittenFile } from '../../model/index.ts';
import { fileNameOf, hasExtension } from '../bytes.ts';
import { expectWritable, readEach } from '../report.ts';
import { type C3dArtifact, contentsOf, documentOf } from './encode.ts';
import { readC3dItem } from './item.ts';
import { writeC3d } from './write-document.ts';

export type {
  C3dDocument,
  C3dGroup,
  C3dHeader,
  C3dHeaderEvent,
  C3dParameter,
  C3dProcessor,
  C3dRotations,
  C3dType,
} from './document.ts';
export { allTextsOf, findParameter, numbersOf, textsOf } from './document.ts';
export { type C3dReading, readC3d } from './read-document.ts';
export { writeC3d } from './write-document.ts';

const EXTENSIONS = ['.c3d'] as const;

const KINDS: ArtifactKind[] = [
  'sequence.markers',
  'sequence.skeleton',
  'signal.emg',
  'signal.imu',
  'signal.orientation',
  'signal.force',
  'signal.angle',
  'signal.other',
  'signal.measure',
  'events',
];

/** The C3D format. */
export const c3d: Format = {
  id: 'c3d',
  title: 'C3D',
  extensions: EXTENSIONS,
  mediaType: 'application/x-c3d',
  reads: KINDS,
  writes: KINDS,

  sniff(head, name) {
    if (head.length < 8 || head[1] !== 0x50 || head[0] < 1) return 'no';
    // the byte that names the machine is in reach where the parameters follow the header
    const machine = head[0] === 2 && head.length > 515 ? head[515] : 0;
    if (machine >= 84 && machine <= 86) return 'yes';
    return hasExtension(name, EXTENSIONS) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readC3dItem(file, options)]);
  },

  write(artifact) {
    expectWritable(artifact.kind, this.writes);
    return filesOf([artifact], artifact.name);
  },

  writeTogether(artifacts, name) {
    for (const { kind } of artifacts) expectWritable(kind, this.writes);
    return filesOf(artifacts, name);
  },
};

/** One file for everything on one grid of time; further ones for what is on another. */
function filesOf(artifacts: readonly C3dArtifact[], name: string): WrittenFile[] {
  return contentsOf(artifacts).map((contents, at) => ({
    name: `${fileNameOf(name)}${at ? `-${at + 1}` : ''}.c3d`,
    bytes: writeC3d(documentOf(contents)),
    mediaType: 'application/x-c3d',
  }));
}
