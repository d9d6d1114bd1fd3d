/**
 * MetaImage (`.mha`, `.mhd` with its data file). `AnatomicalOrientation` is ignored, as in 3D Slicer: the matrix decides.
 *
 * Reading: `choices.as` = `labels` or `image`. Writing: `choices.compress` = `zlib` (default) or `none`;
 * `choices.detached` = `yes` writes header and data apart, `choices.description` is kept as `Comment`. The format has no place for label names; ours stand in a line that
 * other programs pass over.
 */

import { type Format, LABELMAP_KINDS, type Labelmap, VOLUME_KINDS, type Volume } from '../../model/index.ts';
import { hasExtension } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { looksLikeMeta } from './header.ts';
import { readMeta } from './read.ts';
import { writeMeta } from './write.ts';

const HEADERS = ['.mha', '.mhd'] as const;

/** Endings of data files of detached headers. */
const DATA = ['.raw', '.zraw'] as const;

/** The MetaImage format. */
export const mha: Format = {
  id: 'mha',
  title: 'MetaImage',
  extensions: [...HEADERS, ...DATA],
  mediaType: 'application/x-metaimage',
  reads: [...VOLUME_KINDS, 'labelmap.source'],
  writes: [...VOLUME_KINDS, ...LABELMAP_KINDS],

  sniff(head, name) {
    if (looksLikeMeta(head)) return 'yes';
    return hasExtension(name, DATA) ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file, others) => [await readMeta(file, others, options)], {
      leads: async (file) => looksLikeMeta(await file.head(80)) || hasExtension(file.name, HEADERS),
      reason: 'no MetaImage header among the files refers to it',
    });
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const { choices } = options;
    return writeMeta(
      { ...artifact, payload: artifact.payload as Volume | Labelmap },
      {
        compress: choiceOf(choices, 'compress', ['zlib', 'none']) !== 'none',
        description: choices?.description,
        detached: choiceOf(choices, 'detached', ['yes', 'no']) === 'yes',
      },
    );
  },
};
