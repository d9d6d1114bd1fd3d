/**
 * NRRD (`.nrrd`, `.nhdr` with its data file, `.seg.nrrd` of 3D Slicer).
 *
 * Reading: `choices.as` = `labels` or `image`. Writing: `choices.encoding` = `gzip` (default), `raw` or `ascii`;
 * `choices.detached` = `yes` writes header and data apart, `choices.description` is kept as `content`; a label map becomes a `.seg.nrrd` unless `choices.plain` = `yes`.
 */

import { type Format, LABELMAP_KINDS, type Labelmap, VOLUME_KINDS, type Volume } from '../../model/index.ts';
import { hasExtension, latin1 } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { readNrrd } from './read.ts';
import { writeNrrd } from './write.ts';

const HEADERS = ['.nrrd', '.seg.nrrd', '.nhdr'] as const;

/** Endings of data files of detached headers. */
const DATA = ['.raw', '.raw.gz'] as const;

/** The NRRD format. */
export const nrrd: Format = {
  id: 'nrrd',
  title: 'NRRD',
  extensions: [...HEADERS, ...DATA],
  mediaType: 'application/x-nrrd',
  reads: [...VOLUME_KINDS, 'labelmap.source'],
  writes: [...VOLUME_KINDS, ...LABELMAP_KINDS],

  sniff(head, name) {
    if (/^NRRD000\d/.test(latin1(head, 0, 8))) return 'yes';
    return hasExtension(name, DATA) ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file, others) => readNrrd(file, others, options), {
      leads: async (file) => nrrd.sniff(await file.head(8), '') === 'yes' || hasExtension(file.name, HEADERS),
      reason: 'no NRRD header among the files refers to it',
    });
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const { choices } = options;
    return writeNrrd(
      { ...artifact, payload: artifact.payload as Volume | Labelmap },
      {
        encoding: choiceOf(choices, 'encoding', ['raw', 'gzip', 'ascii']) ?? 'gzip',
        detached: choiceOf(choices, 'detached', ['yes', 'no']) === 'yes',
        description: choices?.description,
        segmentation: choiceOf(choices, 'plain', ['yes', 'no']) !== 'yes',
      },
    );
  },
};
