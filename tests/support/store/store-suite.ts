/** What every driver of the storage port must do, whatever lies behind it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMsdtError, MsdtError } from '../../../src/model/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { addScan, importOf, measureOf, putText } from './store-runs.ts';

/** @param open - opens a store that other tests may also use; every test makes twins of its own */
export function storeSuite(name: string, open: () => Promise<Store>, close: (store: Store) => Promise<void>): void {
  describe(`store on ${name}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => close(store));

    async function scanned(takenAt?: string, text?: string) {
      const twin = await store.twins.createTwin('Patient A');
      const acquisition = await addScan(store, twin.id, { takenAt, text });
      const run = await importOf(store, acquisition);
      await store.twins.putRun(twin.id, run);
      return { twin, acquisition, run, volume: run.artifacts[0] };
    }

    const rejects = (work: Promise<unknown>, code: MsdtError['code']) =>
      expect(work).rejects.toSatisfy((error) => isMsdtError(error, code), code);

    describe('twins', () => {
      it('are made, listed, renamed', async () => {
        const twin = await store.twins.createTwin(' Spine 7 ', { synthetic: true });
        expect(twin).toMatchObject({ alias: 'Spine 7', synthetic: true });
        expect(await store.twins.getTwin(twin.id)).toEqual(twin);
        expect(await store.twins.renameTwin(twin.id, 'Spine 8')).toMatchObject({ id: twin.id, alias: 'Spine 8' });
        const listed = (await store.twins.listTwins()).find((item) => item.id === twin.id);
        expect(listed).toMatchObject({ alias: 'Spine 8', acquisitions: 0, artifacts: 0, features: 0, doubts: 0 });
        expect(listed?.changedAt).toBe(twin.createdAt);
        await rejects(store.twins.createTwin('  '), 'parameter.invalid');
        await rejects(store.twins.getTwin('t-unknown'), 'store.not-found');
        await rejects(store.twins.renameTwin('t-unknown', 'x'), 'store.not-found');
        await rejects(store.twins.current('t-unknown'), 'store.not-found');
      });

      it('count what is current, newest change first', async () => {
        const { twin, volume } = await scanned();
        await store.twins.putRun(twin.id, await measureOf(store, volume));
        const [first] = await store.twins.listTwins();
        expect(first).toMatchObject({ id: twin.id, acquisitions: 1, artifacts: 3, features: 2, doubts: 1 });
      });

      it('keep identity apart', async () => {
        const { twin } = await scanned();
        expect(await store.twins.getIdentity(twin.id)).toBeUndefined();
        const identity = {
          name: 'Jane Roe',
          birthDate: '1970-01-01',
          numbers: [{ system: 'hospital', value: '4711' }],
        };
        await store.twins.setIdentity(twin.id, { name: 'Wrong' });
        await store.twins.setIdentity(twin.id, identity);
        expect(await store.twins.getIdentity(twin.id)).toEqual(identity);
        const all = [
          await store.twins.current(twin.id),
          await store.twins.listTwins(),
          await store.twins.getTwin(twin.id),
        ];
        expect(JSON.stringify(all)).not.toMatch(/Jane|Roe|4711|1970/);
        await rejects(store.twins.setIdentity('t-unknown', identity), 'store.not-found');
      });

      it('can be erased, with the blobs that nobody else names', async () => {
        const { twin, run } = await scanned(undefined, 'erased alone');
        const other = await scanned(undefined, 'kept');
        await store.twins.setIdentity(twin.id, { name: 'Jane Roe' });
        await store.twins.putDocument(twin.id, 'measurements', []);
        const job = await store.jobs.create({ kind: 'build', title: 'Build', twin: twin.id });
        const own = (await store.twins.acquisitions(twin.id))[0].files[0].sha256;
        await store.twins.eraseTwin(twin.id);
        await rejects(store.twins.getTwin(twin.id), 'store.not-found');
        await rejects(store.twins.eraseTwin(twin.id), 'store.not-found');
        await rejects(store.jobs.get(job.id), 'store.not-found');
        expect(await store.blobs.size(own)).toBeUndefined();
        expect(await store.blobs.size(run.artifacts[0].blobs[0].sha256)).toBeGreaterThan(0);
        expect((await store.twins.current(other.twin.id)).artifacts).toHaveLength(1);
      });
    });

    describe('acquisitions', () => {
      it('come back as they were, and once', async () => {
        const { twin, acquisition } = await scanned();
        expect(acquisition).toMatchObject({
          posture: 'supine',
          metadata: { kVp: 120 },
          takenAt: '2026-03-01T08:00:00Z',
        });
        expect(await addScan(store, twin.id)).toEqual(acquisition);
        expect(await store.twins.acquisitions(twin.id)).toEqual([acquisition]);
      });

      it('hold many files in their order', async () => {
        const twin = await store.twins.createTwin('Many');
        const blob = await putText(store.blobs, 'x', 'slice');
        const files = Array.from({ length: 5000 }, (_, i) => ({
          name: `IM${i}`,
          sha256: blob.sha256,
          bytes: blob.bytes,
        }));
        const draft = {
          modality: 'ct',
          scales: [],
          posture: 'unknown',
          quality: [],
          synthetic: false,
          metadata: {},
        } as const;
        const added = await store.twins.addAcquisition(twin.id, { ...draft, scales: [], quality: [], files });
        expect(added.files).toEqual(files);
      });

      it('are retracted, not deleted, and can count again', async () => {
        const { twin, acquisition, volume } = await scanned();
        await store.twins.putRun(twin.id, await measureOf(store, volume));
        const before = (await store.twins.current(twin.id)).snapshot;
        const snapshot = await store.twins.retractAcquisition(twin.id, acquisition.id, 'wrong patient');
        expect(snapshot).toMatchObject({ artifacts: [], features: [] });
        expect(await store.twins.current(twin.id)).toMatchObject({ acquisitions: [], artifacts: [], features: [] });
        expect((await store.twins.acquisitions(twin.id))[0].retracted?.reason).toBe('wrong patient');
        expect(await store.twins.getSnapshot(twin.id, before?.id ?? 0)).toEqual(before);
        expect((await addScan(store, twin.id)).retracted).toBeUndefined();
        expect((await store.twins.current(twin.id)).artifacts).toHaveLength(3);
        await rejects(store.twins.retractAcquisition(twin.id, 'nothing', 'x'), 'store.not-found');
      });

      it('need their files in the store', async () => {
        const twin = await store.twins.createTwin('No bytes');
        const file = { name: 'a.dcm', sha256: 'a'.repeat(64), bytes: 3 };
        const draft = {
          modality: 'ct',
          scales: [],
          posture: 'unknown' as const,
          quality: [],
          synthetic: false,
          metadata: {},
        };
        await rejects(store.twins.addAcquisition(twin.id, { ...draft, files: [file] }), 'store.damaged');
        const stored = await putText(store.blobs, 'a', 'three');
        await rejects(
          store.twins.addAcquisition(twin.id, { ...draft, files: [{ ...stored, bytes: 99 }] }),
          'store.damaged',
        );
        expect(await store.twins.acquisitions(twin.id)).toEqual([]);
      });

      it('take text that a database cannot hold', async () => {
        const { twin } = await scanned();
        const blob = await putText(store.blobs, 'b', 'odd');
        const added = await store.twins.addAcquisition(twin.id, {
          modality: 'mr',
          scales: [],
          posture: 'unknown',
          device: 'Scan\0ner \ud800 ü',
          quality: [],
          synthetic: false,
          metadata: { 'k\0': 'v' },
          files: [{ name: 'a\0b', sha256: blob.sha256, bytes: blob.bytes }],
        });
        expect(added.device).toBe('Scan\uFFFDner \uFFFD ü');
        expect(added.files[0].name).toBe('a\uFFFDb');
      });
    });

    describe('runs', () => {
      it('come back whole', async () => {
        const { twin, volume } = await scanned('2026-03-01', 'a scan of its own');
        const run = await measureOf(store, volume);
        const { created, snapshot } = await store.twins.putRun(twin.id, run, 'Measured');
        expect(created).toBe(true);
        expect(snapshot).toMatchObject({ twin: twin.id, reason: 'Measured', features: run.features.map((f) => f.id) });
        const found = await store.twins.findRun(twin.id, run.key);
        const features = run.features.map((feature) => ({ ...feature, knownAt: snapshot.at }));
        expect(found).toEqual(plain({ ...run, features, knownAt: snapshot.at, current: true }));
        expect(await store.twins.artifacts(twin.id, [run.artifacts[1].id, volume.id, 'f'.repeat(64)])).toEqual(
          plain([run.artifacts[1], volume]),
        );
        expect(await store.twins.findArtifact(run.artifacts[0].id)).toEqual({
          twin: twin.id,
          artifact: plain(run.artifacts[0]),
        });
        await rejects(store.twins.findArtifact('e'.repeat(64)), 'store.not-found');
      });

      it('are written once: a second time is a cache hit', async () => {
        const { twin, volume } = await scanned();
        const run = await measureOf(store, volume);
        const first = await store.twins.putRun(twin.id, run);
        const again = await store.twins.putRun(twin.id, { ...run, provenance: { ...run.provenance, durationMs: 99 } });
        expect(again).toEqual({ created: false, snapshot: first.snapshot });
        expect(await store.twins.snapshots(twin.id)).toHaveLength(2);
        expect((await store.twins.findRun(twin.id, run.key))?.provenance.durationMs).toBe(12);
      });

      it('refuse another result from the same inputs', async () => {
        const { twin, volume } = await scanned();
        const run = await measureOf(store, volume);
        await store.twins.putRun(twin.id, run);
        const other = structuredClone(run);
        other.artifacts[0].blobs[0] = { ...other.artifacts[0].blobs[0], ...(await store.blobs.put(new Uint8Array(5))) };
        await rejects(store.twins.putRun(twin.id, other), 'store.conflict');
        const drifted = structuredClone(run);
        drifted.features[0].value = 1;
        await rejects(store.twins.putRun(twin.id, drifted), 'store.conflict');
      });

      it('supersede the run in their slot as a whole, and can take it again', async () => {
        const { twin, volume } = await scanned();
        const old = await measureOf(store, volume, { levels: ['L3-L4', 'L4-L5'] });
        const young = await measureOf(store, volume, { levels: ['T12-L1'], params: { smoothing: 2 } });
        const { snapshot: before } = await store.twins.putRun(twin.id, old);
        await store.twins.putRun(twin.id, young);
        const now = await store.twins.current(twin.id);
        expect(now.artifacts.map((item) => item.level)).toEqual([undefined, 'T12-L1']);
        expect(now.features.map((item) => item.level)).toEqual(['T12-L1']);
        expect(now.runs.map((run) => run.key)).toContain(young.key);
        expect((await store.twins.findRun(twin.id, old.key))?.current).toBe(false);
        const back = await store.twins.activateRun(twin.id, old.key, { reason: 'Set back' });
        expect(back.snapshot).toMatchObject({ reason: 'Set back', artifacts: before.artifacts });
        expect((await store.twins.activateRun(twin.id, old.key)).snapshot).toEqual(back.snapshot);
        await rejects(store.twins.activateRun(twin.id, 'd'.repeat(64)), 'store.not-found');
      });

      it('can stand beside one another in slots of their own, and move to another slot', async () => {
        const { twin, volume } = await scanned();
        const a = await measureOf(store, volume, { params: { smoothing: 1 }, slot: 'a' });
        const b = await measureOf(store, volume, { params: { smoothing: 2 }, slot: 'b' });
        await store.twins.putRun(twin.id, a);
        await store.twins.putRun(twin.id, b);
        expect((await store.twins.current(twin.id)).features).toHaveLength(4);
        await store.twins.activateRun(twin.id, a.key, { slot: 'b' });
        const { runs } = await store.twins.current(twin.id);
        expect(runs.filter((run) => run.capability !== 'import').map((run) => [run.slot, run.key])).toEqual([
          ['b', a.key],
        ]);
      });

      it('that made nothing stand in their slot all the same', async () => {
        const { twin, volume } = await scanned();
        const nothing = await measureOf(store, volume, { levels: [] });
        const { created, snapshot } = await store.twins.putRun(twin.id, nothing);
        expect(created).toBe(true);
        expect((await store.twins.current(twin.id)).runs.map((run) => run.key)).toContain(nothing.key);
        expect((await store.twins.findRun(twin.id, nothing.key))?.current).toBe(true);
        expect(await store.twins.putRun(twin.id, nothing)).toEqual({ created: false, snapshot });
      });

      it('stand in for artifacts that they replace', async () => {
        const { twin, volume } = await scanned();
        const review = await measureOf(store, volume, { capability: 'review', replaces: [volume.id] });
        await store.twins.putRun(twin.id, review);
        expect((await store.twins.current(twin.id)).artifacts.map((item) => item.id)).not.toContain(volume.id);
      });

      it('are refused whole when anything is missing', async () => {
        const { twin, volume } = await scanned();
        const other = await scanned('2026-04-01', 'other scan');
        const before = await store.twins.snapshots(twin.id);
        const absentBlob = await measureOf(store, volume);
        absentBlob.artifacts[1].blobs[0] = { ...absentBlob.artifacts[1].blobs[0], sha256: 'c'.repeat(64) };
        await rejects(store.twins.putRun(twin.id, absentBlob), 'store.damaged');
        const foreignInput = await measureOf(store, (await importOf(store, other.acquisition, 'foreign')).artifacts[0]);
        await rejects(store.twins.putRun(twin.id, foreignInput), 'store.not-found');
        const foreignEvidence = await measureOf(store, volume);
        foreignEvidence.features[0].evidence[0].artifact = 'b'.repeat(64);
        await rejects(store.twins.putRun(twin.id, foreignEvidence), 'store.not-found');
        await rejects(store.twins.putRun('t-unknown', await measureOf(store, volume)), 'store.not-found');
        const noEvidence = await measureOf(store, volume);
        noEvidence.features[0].evidence = [];
        await expect(store.twins.putRun(twin.id, noEvidence)).rejects.toThrow(/evidence/);
        expect(await store.twins.snapshots(twin.id)).toEqual(before);
        expect(await store.twins.findRun(twin.id, noEvidence.key)).toBeUndefined();
      });

      it('written at the same time all arrive, one snapshot after the other', async () => {
        const { twin, volume } = await scanned();
        const runs = await Promise.all(
          Array.from({ length: 12 }, (_, i) => measureOf(store, volume, { slot: `s${i}`, params: { smoothing: i } })),
        );
        const put = await Promise.all(runs.map((run) => store.twins.putRun(twin.id, run)));
        const ids = put.map((item) => item.snapshot.id);
        expect(new Set(ids).size).toBe(12);
        const state = await store.twins.current(twin.id);
        expect(state.features).toHaveLength(24);
        expect(state.snapshot?.id).toBe(Math.max(...ids));
        const sizes = (
          await Promise.all(ids.sort((a, b) => a - b).map((id) => store.twins.getSnapshot(twin.id, id)))
        ).map((s) => s.features.length);
        expect(sizes).toEqual(Array.from({ length: 12 }, (_, i) => 2 * (i + 1)));
      });
    });

    describe('both times', () => {
      it('answer as of what was known and what was true', async () => {
        const { twin, volume, acquisition } = await scanned('2026-03-01', 'march');
        const { snapshot: first } = await store.twins.putRun(twin.id, await measureOf(store, volume));
        await new Promise((resolve) => setTimeout(resolve, 5));
        const later = await addScan(store, twin.id, { takenAt: '2026-05-01', text: 'may' });
        const second = await importOf(store, later, 'volume of may');
        await store.twins.putRun(twin.id, second);
        const { snapshot: last } = await store.twins.putRun(
          twin.id,
          await measureOf(store, second.artifacts[0], { value: 12 }),
        );
        const known = await store.twins.current(twin.id, { asOf: { knownAt: first.at } });
        expect(known.snapshot?.id).toBe(first.id);
        expect(known.acquisitions.map((item) => item.id)).toEqual([acquisition.id]);
        const valid = await store.twins.current(twin.id, { asOf: { validAt: '2026-04-01' } });
        expect(valid.snapshot?.id).toBe(last.id);
        expect(valid.features.map((item) => item.value)).toEqual([9, 10]);
        expect(valid.acquisitions.map((item) => item.id)).toEqual([acquisition.id]);
        expect((await store.twins.current(twin.id, { asOf: { knownAt: '2020' } })).artifacts).toEqual([]);
        expect((await store.twins.current(twin.id)).features).toHaveLength(4);
        await rejects(store.twins.current(twin.id, { asOf: { validAt: 'soon' } }), 'parameter.invalid');
      });

      it('see a retraction only from when it was known', async () => {
        const { twin, acquisition } = await scanned();
        const before = (await store.twins.current(twin.id)).snapshot;
        await new Promise((resolve) => setTimeout(resolve, 5));
        await store.twins.retractAcquisition(twin.id, acquisition.id, 'blurred');
        const then = await store.twins.current(twin.id, { asOf: { knownAt: before?.at } });
        expect(then.acquisitions).toHaveLength(1);
        expect(then.artifacts).toHaveLength(1);
      });

      it('never run backwards in snapshots', async () => {
        const { twin } = await scanned();
        for (let i = 0; i < 5; i++) await store.twins.snapshot(twin.id, `look ${i}`);
        const all = await store.twins.snapshots(twin.id);
        expect(all.map((item) => item.reason).slice(-5)).toEqual([0, 1, 2, 3, 4].map((i) => `look ${i}`));
        expect([...all].sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id)).toEqual(all);
      });
    });

    describe('documents', () => {
      it('keep every version', async () => {
        const { twin } = await scanned();
        const { putDocument, getDocument } = store.twins;
        expect(await getDocument(twin.id, 'view')).toBeUndefined();
        for (const content of [{ a: [1, null, 'ü'] }, 'text', 7, null]) await putDocument(twin.id, 'view', content);
        expect((await getDocument(twin.id, 'view'))?.content).toBe(null);
        expect(await getDocument(twin.id, 'view', 1)).toMatchObject({ version: 1, content: { a: [1, null, 'ü'] } });
        expect((await getDocument(twin.id, 'view', 2))?.content).toBe('text');
        await putDocument(twin.id, 'measurements', [], { user: 'reader 1', baseVersion: 0 });
        expect(await store.twins.listDocuments(twin.id)).toMatchObject([
          { name: 'measurements', version: 1, user: 'reader 1' },
          { name: 'view', version: 4 },
        ]);
      });

      it('refuse a change that starts from an old version', async () => {
        const { twin } = await scanned();
        await store.twins.putDocument(twin.id, 'm', [1], { baseVersion: 0 });
        await rejects(store.twins.putDocument(twin.id, 'm', [2], { baseVersion: 0 }), 'store.conflict');
        const race = await Promise.allSettled(
          [2, 3].map((n) => store.twins.putDocument(twin.id, 'm', [n], { baseVersion: 1 })),
        );
        expect(race.map((item) => item.status).sort()).toEqual(['fulfilled', 'rejected']);
      });
    });

    describe('jobs', () => {
      it('move on step by step', async () => {
        const { twin } = await scanned();
        const job = await store.jobs.create({ kind: 'build', title: 'Build', twin: twin.id, request: { a: 1 } });
        expect(job).toMatchObject({ state: 'queued', progress: 0, attempt: 1, request: { a: 1 }, items: [] });
        await store.jobs.update(job.id, { state: 'running' });
        await store.jobs.update(job.id, {
          progress: 0.5,
          message: 'skin',
          items: [{ item: 'skin', status: 'running' }],
        });
        const done = await store.jobs.update(job.id, { state: 'done' });
        expect(done).toMatchObject({ state: 'done', progress: 1, message: 'skin' });
        expect(done.startedAt && done.endedAt).toBeTruthy();
        expect(await store.jobs.get(job.id)).toEqual(done);
        await rejects(store.jobs.update(job.id, { state: 'running' }), 'store.conflict');
        await rejects(store.jobs.restart(job.id), 'store.conflict');
        await rejects(store.jobs.get('nothing'), 'store.not-found');
      });

      it('fail with a record and can be started again', async () => {
        const job = await store.jobs.create({ kind: 'ingest', title: 'Add 3 files' });
        await store.jobs.update(job.id, { state: 'running' });
        const { code, message, where, detail, hint } = new MsdtError('file.truncated', 'too short', { hint: 'again' });
        const failed = await store.jobs.update(job.id, {
          state: 'failed',
          error: { code, message, where, detail, hint },
        });
        expect(failed.error?.code).toBe('file.truncated');
        expect(await store.jobs.restart(job.id)).toMatchObject({
          state: 'queued',
          attempt: 2,
          progress: 0,
          error: undefined,
        });
        expect((await store.jobs.list({ state: 'queued' })).some((item) => item.id === job.id)).toBe(true);
      });

      it('are listed by twin, newest first', async () => {
        const { twin } = await scanned();
        const made = [];
        for (const title of ['a', 'b', 'c']) made.push(await store.jobs.create({ kind: 'x', title, twin: twin.id }));
        expect((await store.jobs.list({ twin: twin.id, limit: 2 })).map((job) => job.title)).toEqual(['c', 'b']);
      });
    });
  });
}

/** As JSON would carry it: members that are undefined are gone. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
