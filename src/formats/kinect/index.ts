/**
 * Skeletons of depth cameras and the files that accompany them: Kinect v1 and v2 as rows of numbers, optical targets in the layout of
 * the KERAAL recordings, BlazePose as JSON. `choices.rateHz` stands in for missing times.
 * @see Nguyen et al. 2024, the KERAAL data set (IJCNN), arXiv 2407.00521
 */

import type { Format } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { baseName, latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { readEach } from '../report.ts';
import { blazePoseItem } from './blazepose.ts';
import { layoutOf } from './layouts.ts';
import { rowsItem } from './rows.ts';

const BLAZEPOSE = /^\s*\{\s*"positions"\s*:\s*\{/;
const NUMBERS = /^[-+.\deE\s,;]+$/;

/** The format of skeletons. */
export const kinect: Format = {
  id: 'kinect',
  title: 'Kinect skeleton',
  extensions: ['.txt', '.csv', '.json'],
  mediaType: 'text/plain',
  reads: ['sequence.skeleton'],
  writes: [],

  sniff(head, name) {
    const text = latin1(head);
    if (BLAZEPOSE.test(text)) return 'yes';
    if (!/\.(txt|csv)$/i.test(name) || !/\d/.test(text) || !NUMBERS.test(text)) return 'no';
    const [first, ...more] = text.split(/\r?\n/);
    const width = first.trim().split(/[\s,;]+/).length;
    // a row of a skeleton may be longer than what is seen of the file
    if (more.length > 0) return layoutOf(width) ? 'yes' : 'no';
    return width > 40 && /kinect|vicon|skelet|joint/i.test(baseName(name)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => {
      const bytes = await readWhole(file, MAX_TEXT_BYTES);
      if (BLAZEPOSE.test(latin1(bytes, 0, 256)))
        return [blazePoseItem(new TextDecoder().decode(bytes), file.name, options)];
      return [rowsItem(bytes, file.name, options)];
    });
  },
};
