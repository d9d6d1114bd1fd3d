/**
 * PCD point clouds (Point Cloud Library); numbered files are the frames of one sequence.
 *
 * Reading: `choices.unit` = `mm`, `cm`, `m`, `um` or `in`; `choices.rateHz`, `choices.sequence`, `choices.up` for sequences.
 */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readFrames } from '../recording/index.ts';
import { readPcd } from './read.ts';

/** The PCD format. */
export const pcd: Format = {
  id: 'pcd',
  title: 'PCD',
  extensions: ['.pcd'],
  mediaType: 'application/x-pcd',
  reads: ['sequence.cloud'],
  writes: [],

  sniff(head) {
    const text = latin1(head);
    return /^(#[^\n]{0,200}PCD|VERSION[ \t]+\.?\d)/.test(text) && /^(VERSION|FIELDS|COLUMNS)[ \t]/m.test(text)
      ? 'yes'
      : 'no';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => [await readPcd(file, options)]);
  },
};
