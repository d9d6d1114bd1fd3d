import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/index.ts';
import type { SqlJobs } from '../../../src/store/sql/jobs.ts';
import { MIGRATIONS, migrate } from '../../../src/store/sql/migrations.ts';
import type { Db } from '../../../src/store/sql/world.ts';
import { addScan, importOf, measureOf } from './store-runs.ts';

/** A store whose tables can be looked at. */
export interface OpenStore extends Store {
  db: Db;
  sqlJobs: SqlJobs;
}

/** What the tables hold to by themselves, whatever the code above them does. */
export function storeRulesSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`rules of the tables on ${name}`, () => {
    let store: OpenStore;
    let twin: string;
    let feature: string;

    beforeAll(async () => {
      store = await open();
      twin = (await store.twins.createTwin('Rules')).id;
      const imported = await importOf(store, await addScan(store, twin, { text: 'rules' }));
      await store.twins.putRun(twin, imported);
      const run = await measureOf(store, imported.artifacts[0]);
      await store.twins.putRun(twin, run);
      await store.twins.putDocument(twin, 'view', {});
      feature = run.features[0].id;
    });

    describe('the tables hold the rules of the model by themselves', () => {
      it.each([
        ['acquisitions', "content = '{}'"],
        ['acquisition_files', "name = 'x'"],
        ['acquisition_events', "reason = 'x'"],
        ['runs', 'version = 9'],
        ['activations', "slot = 'x'"],
        ['artifacts', "kind = 'document'"],
        ['artifact_blobs', "name = 'x'"],
        ['edges', "role = 'x'"],
        ['features', "unit = 'deg'"],
        ['evidence', 'position = 9'],
        ['snapshots', "reason = 'x'"],
        ['documents', "content = '{}'"],
      ])('%s cannot be changed or deleted', async (table, change) => {
        const where = `where twin = '${twin}'`;
        const rows = await sql
          .raw<{ n: number }>(`select count(*)::integer as n from ${table} ${where}`)
          .execute(store.db);
        expect(rows.rows[0].n).toBeGreaterThan(0);
        await expect(sql.raw(`update ${table} set ${change} ${where}`).execute(store.db)).rejects.toThrow(/is history/);
        await expect(sql.raw(`delete from ${table} ${where}`).execute(store.db)).rejects.toThrow(/is history/);
      });

      const spoil = (change: string) =>
        sql
          .raw(
            `insert into features select twin, repeat('a', 64), run, 99, definition, unit, content ${change}, known_at from features where id = '${feature}' and twin = '${twin}'`,
          )
          .execute(store.db);

      it.each([
        ['evidence', "- 'evidence'", /feature_has_evidence/],
        ['any evidence', `|| '{"evidence": []}'`, /feature_has_evidence/],
        ['doubt', "- 'uncertainty'", /feature_has_doubt/],
        ['a reason for unknown doubt', `|| '{"uncertainty": {"kind": "unknown"}}'`, /feature_has_doubt/],
        ['a value or a reason', `|| '{"value": null}'`, /feature_has_value/],
      ])('a feature without %s is refused', async (_, change, words) => {
        await expect(spoil(change)).rejects.toThrow(words);
      });

      it('takes a gap with a reason', async () => {
        await sql`begin`.execute(store.db);
        await spoil(`|| '{"value": null, "missing": "cut off"}'`);
        await sql`rollback`.execute(store.db);
      });

      it('a feature without a unit is refused', async () => {
        const statement = `insert into features select twin, repeat('a', 64), run, 99, definition, '', content, known_at from features where twin = '${twin}'`;
        await expect(sql.raw(statement).execute(store.db)).rejects.toThrow(/unit/);
      });

      it('a file that is no known blob cannot be named, evidence cannot point at nothing', async () => {
        const blob = sql`insert into artifact_blobs select twin, id, 9, 'x', 'y', repeat('e', 64) from artifacts where twin = ${twin}`;
        await expect(blob.execute(store.db)).rejects.toThrow(/foreign key/);
        const evidence = sql`insert into evidence values (${twin}, ${feature}, 9, repeat('e', 64))`;
        await expect(evidence.execute(store.db)).rejects.toThrow(/foreign key/);
      });

      it('a blob that a row names cannot be forgotten', async () => {
        await expect(sql`delete from blobs`.execute(store.db)).rejects.toThrow(/foreign key/);
      });
    });

    describe('migrations', () => {
      it('are done once', async () => {
        await migrate(store.db);
        expect((await store.twins.current(twin)).features).toHaveLength(2);
      });

      it('leave nothing of a step that fails and say which it was', async () => {
        const broken = {
          ...MIGRATIONS,
          '9999-broken': {
            up: async (db: typeof store.db) => {
              await sql`create table half_made (id integer)`.execute(db);
              await sql`select nonsense`.execute(db);
            },
          },
        };
        await expect(migrate(store.db, broken)).rejects.toMatchObject({
          code: 'store.unavailable',
          where: { place: 'step 9999-broken' },
        });
        await expect(sql`select * from half_made`.execute(store.db)).rejects.toThrow(/does not exist/);
      });

      it('refuse a database that is newer than the program', async () => {
        await expect(migrate(store.db, {})).rejects.toMatchObject({
          code: 'store.unavailable',
          hint: expect.stringMatching(/newer/),
        });
      });
    });

    describe('jobs of a server that stopped', () => {
      it('are failed with the reason and can be started again', async () => {
        const job = await store.jobs.create({ kind: 'build', title: 'Build', twin });
        const waiting = await store.jobs.create({ kind: 'build', title: 'Later', twin });
        await store.jobs.update(job.id, { state: 'running', progress: 0.4 });
        expect(await store.sqlJobs.failInterrupted()).toBeGreaterThanOrEqual(1);
        const found = await store.jobs.get(job.id);
        expect(found).toMatchObject({ state: 'failed', message: 'interrupted: the server stopped', progress: 0.4 });
        expect(found.error?.hint).toMatch(/again/);
        expect((await store.jobs.get(waiting.id)).state).toBe('queued');
        expect((await store.jobs.restart(job.id)).state).toBe('queued');
      });
    });
  });
}
