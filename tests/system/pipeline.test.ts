import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateSubject } from '../../fixtures/synth/index.ts';
import { nifti } from '../../src/formats/nifti/index.ts';
import type { TwinState } from '../../src/twin/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { ingestAndWait, openTestEngine, type TestEngine } from '../support/engine.ts';

describeWithData('ct-torso-totalsegmentator', () => {
  let test: TestEngine;
  let twin: string;
  let state: TwinState;

  beforeAll(async () => {
    test = await openTestEngine();
    twin = (await test.engine.createTwin('Torso')).id;
    const broken = join(test.dataDir, 'broken.nii');
    await writeFile(broken, new Uint8Array(400).fill(7));
    const job = await ingestAndWait(test.engine, twin, [
      dataPath('ct-torso-totalsegmentator', 'example_ct.nii.gz'),
      dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg.nii.gz'),
      dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg_vertebrae_body.nii.gz'),
      broken,
    ]);
    expect(job.state, job.error?.message).toBe('done');
    expect(job.items.find((item) => item.item === 'broken.nii')?.status).not.toBe('ok');
    expect(job.items.filter((item) => item.status === 'error' && item.item !== 'broken.nii')).toEqual([]);
    ({ state } = await test.engine.view(twin));
  });

  afterAll(() => test.close());

  it('becomes skin, bone, vertebrae and the geometry of the column', () => {
    const kinds = new Set(state.artifacts.map((artifact) => artifact.kind));
    for (const kind of [
      'volume.ct',
      'labelmap.vertebrae',
      'mesh.skin',
      'mesh.bone',
      'mesh.vertebra',
      'landmarks.vertebra',
      'curve.spine',
      'mesh.intervertebral-space',
    ] as const) {
      expect(kinds, kind).toContain(kind);
    }
    const lordosis = state.features.find((feature) => feature.definition === 'spine.lumbarLordosis');
    expect(lordosis?.unit).toBe('deg');
    expect(lordosis?.value).toBeGreaterThan(10);
    expect(lordosis?.value).toBeLessThan(80);
  });

  it('gives every number a unit, a doubt, a posture where it is postural, and a way back that exists', () => {
    const ids = new Set(state.artifacts.map((artifact) => artifact.id));
    for (const feature of state.features) {
      expect(feature.evidence.length).toBeGreaterThan(0);
      for (const { artifact } of feature.evidence)
        expect(ids, `${feature.definition} ${feature.level}`).toContain(artifact);
      expect(feature.uncertainty.kind === 'unknown' ? feature.uncertainty.reason : feature.uncertainty.method).not.toBe(
        '',
      );
    }
  });

  it('is fresh afterwards: a second build does nothing', async () => {
    const before = await test.engine.store.twins.snapshots(twin);
    const job = await test.engine.build(twin);
    const ended = await test.engine.jobs.ended(job.id);
    expect(ended.items).toEqual([]);
    expect(await test.engine.store.twins.snapshots(twin)).toHaveLength(before.length);
  });

  it('gives the same ids and bytes in another data folder', async () => {
    const other = await openTestEngine();
    try {
      const again = (await other.engine.createTwin('Again')).id;
      await ingestAndWait(other.engine, again, [
        dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg.nii.gz'),
      ]);
      const reference = await openTestEngine();
      const third = (await reference.engine.createTwin('Third')).id;
      await ingestAndWait(reference.engine, third, [
        dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg.nii.gz'),
      ]);
      const [a, b] = await Promise.all([other.engine.view(again), reference.engine.view(third)]);
      const print = (state: TwinState) =>
        state.artifacts
          .map((artifact) => `${artifact.id} ${artifact.blobs.map((blob) => blob.sha256).join(' ')}`)
          .sort();
      expect(print(a.state).length).toBeGreaterThan(5);
      expect(print(a.state)).toEqual(print(b.state));
      await reference.close();
    } finally {
      await other.close();
    }
  });

  it('cancels: nothing half-made remains, and the next build finishes', async () => {
    const fresh = (await test.engine.createTwin('Cancelled')).id;
    const job = await test.engine.ingest(fresh, [
      { name: 'ct.nii.gz', path: dataPath('ct-torso-totalsegmentator', 'example_ct.nii.gz') },
    ]);
    await new Promise<void>((resolve) => {
      const unsubscribe = test.engine.bus.subscribe((event) => {
        if (
          event.type === 'job' &&
          event.job.id === job.id &&
          event.job.items.some((item) => item.status === 'running')
        ) {
          unsubscribe();
          resolve();
        }
      });
    });
    await test.engine.jobs.cancel(job.id);
    expect((await test.engine.jobs.ended(job.id)).state).toBe('cancelled');
    const { state: after } = await test.engine.view(fresh);
    for (const artifact of after.artifacts)
      for (const blob of artifact.blobs) expect(await test.engine.store.blobs.verify(blob.sha256)).toBe(true);
    const rebuilt = await test.engine.jobs.ended((await test.engine.build(fresh)).id);
    expect(rebuilt.state).toBe('done');
    expect((await test.engine.view(fresh)).state.artifacts.map((artifact) => artifact.kind)).toContain('mesh.skin');
  });
});

describe('engine', () => {
  it('refuses a second process on the same data folder', async () => {
    const first = await openTestEngine();
    try {
      await expect(openTestEngine(first.dataDir)).rejects.toMatchObject({
        code: 'store.locked',
        hint: expect.any(String),
      });
    } finally {
      await first.close();
    }
  });
});

describe('generated data', () => {
  it('mark the twin, whatever the user called it', async () => {
    const test = await openTestEngine(undefined, 1);
    try {
      const subject = simulateSubject({ seed: 5, spacingMm: 3, levels: ['L4', 'S1'], field: 'spine' });
      const [file] =
        (await nifti.write?.(
          { kind: 'labelmap.vertebrae', payload: subject.vertebrae, name: 'labels' },
          { choices: { description: 'SYNTHETIC' } },
        )) ?? [];
      const path = join(test.dataDir, file.name);
      await writeFile(path, file.bytes);
      const twin = await test.engine.createTwin('A person');
      expect(twin.synthetic).toBe(false);
      await ingestAndWait(test.engine, twin.id, [path]);
      const { state } = await test.engine.view(twin.id);
      expect(state.twin.synthetic).toBe(true);
      expect(state.artifacts.every((artifact) => artifact.synthetic)).toBe(true);
      expect(state.features.every((feature) => feature.synthetic)).toBe(true);
    } finally {
      await test.close();
    }
  });
});
