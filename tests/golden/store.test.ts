import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nifti } from '../../src/formats/nifti/index.ts';
import type { Artifact, ArtifactDraft } from '../../src/model/index.ts';
import { fileOnDisk } from '../../src/runtime/index.ts';
import { decodeArtifact, encodeArtifact, type FolderBlobs, openBlobStore } from '../../src/store/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';

let root: string;
let blobs: FolderBlobs;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'msdt-golden-'));
  blobs = openBlobStore(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function throughTheStore(draft: ArtifactDraft) {
  const { files, unit, summary } = await encodeArtifact(draft);
  const refs = [];
  for (const { name, mediaType, bytes } of files) refs.push({ name, mediaType, ...(await blobs.put(bytes)) });
  for (const { sha256 } of refs) expect(await blobs.verify(sha256)).toBe(true);
  const artifact = { kind: draft.kind, unit, summary, blobs: refs } as Pick<
    Artifact,
    'kind' | 'unit' | 'summary' | 'blobs'
  >;
  return decodeArtifact(artifact, (ref, part) => blobs.read(ref.sha256, part), {
    allocate: (bytes) => new SharedArrayBuffer(bytes),
  });
}

describeWithData('ct-torso-totalsegmentator', () => {
  it.each(['example_ct.nii.gz', 'example_seg.nii.gz', 'spine_report/example_ct_report/totalseg_vertebrae_body.nii.gz'])(
    '%s comes out of the store as it went in',
    async (name) => {
      const report = await nifti.read([await fileOnDisk(dataPath('ct-torso-totalsegmentator', name))]);
      const [draft] = report.items[0].artifacts;
      const payload = await throughTheStore(draft);
      const [given, got] = [draft.payload, payload] as { data: Int16Array }[];
      expect(got.data.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(Buffer.compare(Buffer.from(got.data.slice().buffer), Buffer.from(given.data.slice().buffer))).toBe(0);
      expect({ ...got, data: 0 }).toEqual({ ...given, data: 0 });
    },
  );
});
