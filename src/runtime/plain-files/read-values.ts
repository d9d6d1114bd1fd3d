/** Files as the values that capabilities take. */

import { createHash } from 'node:crypto';
import type {
  ArtifactDraft,
  ArtifactValue,
  QualityFlag,
  ReadItem,
  ReadOptions,
  SourceFile,
} from '../../model/index.ts';
import { MsdtError } from '../../model/index.ts';
import type { WorkCatalogue } from '../catalogue-types.ts';
import { readFiles } from '../reading/read.ts';

/** What files became, with the doubts of their readers and the hash of each file. */
export interface FileValues {
  values: ArtifactValue[];
  quality: QualityFlag[];
  hashes: string[];
}

/**
 * Reads files into values.
 * @throws MsdtError when nothing could be read
 */
export async function valuesOf(
  catalogue: WorkCatalogue,
  files: readonly SourceFile[],
  options: ReadOptions,
): Promise<FileValues> {
  const hashes: string[] = [];
  for (const file of files)
    hashes.push(
      createHash('sha256')
        .update(await file.read())
        .digest('hex'),
    );
  const report = await readFiles(catalogue, files, options);
  if (report.items.length === 0)
    throw report.errors[0]?.error ?? nothingRead(files[0]?.name ?? 'The folder', report.skipped[0]?.reason);
  const drafts = report.items.flatMap((item) => item.artifacts.map((draft) => ({ item, draft })));
  return {
    values: drafts.map(({ item, draft }) => toValue(item, draft)),
    quality: drafts.flatMap(({ item, draft }) => [...item.quality, ...(draft.quality ?? [])]),
    hashes,
  };
}

function toValue(item: ReadItem, draft: ArtifactDraft): ArtifactValue {
  return {
    kind: draft.kind,
    payload: draft.payload,
    name: draft.name,
    level: draft.level,
    side: draft.side,
    posture: item.posture,
    frameOfReference: item.frameOfReference,
    takenAt: item.takenAt,
    synthetic: item.synthetic,
    quality: draft.quality,
    metadata: item.metadata,
  };
}

function nothingRead(name: string, reason = 'no known format recognises it'): MsdtError {
  return new MsdtError('file.unrecognised', `${name} could not be used: ${reason}`, {
    where: { file: name },
    hint: '`msdt convert --list` shows the formats that can be read.',
  });
}
