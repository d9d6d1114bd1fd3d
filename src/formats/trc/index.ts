/**
 * TRC marker files of Motion Analysis, as OpenSim uses them.
 *
 * Writing: `choices.unit` = `mm` (default) or `m`; `choices.up` = `y` turns the points so that y points up, as OpenSim wants them.
 */

import type { Format, PointSequence } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { readTrc } from './read.ts';
import { turnedUp, writeTrc } from './write.ts';

/** The TRC format. */
export const trc: Format = {
  id: 'trc',
  title: 'TRC',
  extensions: ['.trc'],
  mediaType: 'text/plain',
  reads: ['sequence.markers'],
  writes: ['sequence.markers', 'sequence.skeleton'],

  sniff(head) {
    return /^\s*PathFileType[\t ,]/i.test(latin1(head, 0, 32)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readTrc(file)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const unit = choiceOf(options.choices, 'unit', ['mm', 'm']) ?? 'mm';
    const points = artifact.payload as PointSequence;
    const upright = choiceOf(options.choices, 'up', ['y', 'kept']) === 'y' ? turnedUp(points) : points;
    return [writeTrc(upright, artifact.name, unit)];
  },
};
