/**
 * Depth pictures as grey PNG of 16 bits (mm unless the camera file says otherwise), with intrinsics from a JSON file among them.
 *
 * Reading: `choices.rateHz` = pictures a second.
 */

import type { Format } from '../../model/index.ts';
import { hasExtension, latin1 } from '../bytes.ts';
import { isCamera } from './camera.ts';
import { isDepthPng } from './png.ts';
import { readDepth } from './read.ts';

/** The format of depth pictures. */
export const depth: Format = {
  id: 'depth',
  title: 'Depth pictures (PNG)',
  extensions: ['.png'],
  mediaType: 'image/png',
  reads: ['sequence.depth'],
  writes: [],

  sniff(head, name) {
    if (isDepthPng(head)) return 'yes';
    return hasExtension(name, ['.json']) && isCamera(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readDepth(files, options);
  },
};
