/**
 * NIfTI-1 and NIfTI-2 (`.nii`, `.nii.gz`, `.hdr` + `.img`).
 *
 * Reading: `choices.use` = `sform` or `qform` picks the matrix, `choices.as` = `labels` or `image` says what the values are.
 * Writing: `choices.compress` = `gzip` makes `.nii.gz`, `choices.version` = `1` or `2`, `choices.description` = text of the
 * header; a description that begins with SYNTHETIC marks the data as generated and is read back as such.
 */

import {
  type Format,
  LABELMAP_KINDS,
  type Labelmap,
  type SourceFile,
  VOLUME_KINDS,
  type Volume,
} from '../../model/index.ts';
import { hasExtension } from '../bytes.ts';
import { inflateGzip, isGzip } from '../inflate.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { headerKind, magicOf } from './header.ts';
import { readNifti } from './read.ts';
import { writeNifti } from './write.ts';

const HEADERS = ['.nii', '.nii.gz', '.hdr', '.hdr.gz'] as const;
const IMAGES = ['.img', '.img.gz'] as const;

/** The NIfTI format. */
export const nifti: Format = {
  id: 'nifti',
  title: 'NIfTI',
  extensions: [...HEADERS, ...IMAGES],
  mediaType: 'application/x-nifti',
  reads: [...VOLUME_KINDS, 'labelmap.source'],
  writes: [...VOLUME_KINDS, ...LABELMAP_KINDS],

  sniff(head, name) {
    const start = isGzip(head) ? inflateGzip(head, { file: name, limit: 1024, partial: true }) : head;
    const kind = headerKind(start);
    if (kind && start.length >= 348) {
      if (magicOf(start, kind.version) !== '') return 'yes';
      // ANALYZE has no mark of its own
      return hasExtension(name, HEADERS) ? 'yes' : 'no';
    }
    if (hasExtension(name, ['.nii', '.nii.gz'])) return head.length > 0 && !kind && head.length >= 348 ? 'no' : 'maybe';
    return hasExtension(name, IMAGES) ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    const readOne = async (file: SourceFile, images: readonly SourceFile[]) => {
      const image = images.find((other) => pairKey(other) === pairKey(file));
      return [await readNifti(file, image, options)];
    };
    return readEach(files, options, readOne, {
      leads: (file) => !hasExtension(file.name, IMAGES),
      reason: 'no header file (.hdr) of the same name',
    });
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const compress = choiceOf(options.choices, 'compress', ['none', 'gzip']) === 'gzip';
    const version = choiceOf(options.choices, 'version', ['1', '2']);
    const payload = artifact.payload as Volume | Labelmap;
    const description = options.choices?.description;
    return [
      writeNifti({ ...artifact, payload }, { compress, version: version && (Number(version) as 1 | 2), description }),
    ];
  },
};

/** Folder and name without the endings of a pair. */
function pairKey(file: SourceFile): string {
  return file.name.toLowerCase().replace(/\.(hdr|img)(\.gz)?$/, '');
}
