/** Rows into the records of the twin. */

import { type ExpressionBuilder, sql } from 'kysely';
import type { Acquisition, Feature } from '../../model/index.ts';
import type { StoredAcquisition, StoredArtifact } from '../../twin/index.ts';
import type { Tables } from './schema.ts';
import type { Db } from './world.ts';

/** `column = any(ids)`: one parameter, however many ids. */
export function among(column: string, ids: readonly string[]) {
  return sql<boolean>`${sql.ref(column)} = any(${ids as string[]}::text[])`;
}

/** Artifacts by a condition, with blobs and provenance, in order of run and place. */
export async function loadArtifacts(
  db: Db,
  twin: string,
  where: (eb: ExpressionBuilder<Tables, 'artifacts'>) => ReturnType<typeof among>,
): Promise<StoredArtifact[]> {
  const rows = await db
    .selectFrom('artifacts')
    .selectAll()
    .where('twin', '=', twin)
    .where(where)
    .orderBy('run')
    .orderBy('role')
    .orderBy('index')
    .execute();
  const ids = rows.map((row) => row.id);
  const blobs = await db
    .selectFrom('artifact_blobs as ab')
    .innerJoin('blobs as b', 'b.sha256', 'ab.sha256')
    .select(['ab.artifact', 'ab.name', 'ab.sha256', 'b.bytes', 'ab.media_type'])
    .where('ab.twin', '=', twin)
    .where(among('ab.artifact', ids))
    .orderBy('ab.artifact')
    .orderBy('ab.position')
    .execute();
  const runs = await db
    .selectFrom('runs')
    .select(['key', 'provenance'])
    .where('twin', '=', twin)
    .where(among('key', [...new Set(rows.map((row) => row.run))]))
    .execute();
  const blobsOf = Map.groupBy(blobs, (blob) => blob.artifact);
  const provenanceOf = new Map(runs.map((run) => [run.key, run.provenance]));
  return rows.map((row) => ({
    ...row.content,
    id: row.id,
    kind: row.kind as StoredArtifact['kind'],
    run: row.run,
    role: row.role,
    index: row.index,
    provenance: provenanceOf.get(row.run) as StoredArtifact['provenance'],
    blobs: (blobsOf.get(row.id) ?? []).map(({ name, sha256, bytes, media_type }) => ({
      name,
      sha256,
      bytes,
      mediaType: media_type,
    })),
  }));
}

/** Features by a condition, in order of run and place. */
export async function loadFeatures(
  db: Db,
  twin: string,
  where: (eb: ExpressionBuilder<Tables, 'features'>) => ReturnType<typeof among>,
): Promise<Feature[]> {
  const rows = await db
    .selectFrom('features')
    .select(['id', 'run', 'content', 'known_at'])
    .where('twin', '=', twin)
    .where(where)
    .orderBy('run')
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ ...row.content, id: row.id, run: row.run, knownAt: row.known_at.toISOString() }));
}

/** Things in the order of their ids; ids that stand for nothing are left out. */
export function inOrder<T extends { id: string }>(ids: readonly string[], things: readonly T[]): T[] {
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Acquisitions in the order in which they came, each as it stood at a moment.
 * @param options.by - last millisecond of known time that counts
 */
export async function loadAcquisitions(
  db: Db,
  twin: string,
  options: { id?: string; by?: number } = {},
): Promise<StoredAcquisition[]> {
  const { id } = options;
  const by = new Date(options.by ?? 8.64e15 - 1);
  const until = options.by === undefined ? undefined : by;
  const rows = await db
    .selectFrom('acquisitions')
    .selectAll()
    .where('twin', '=', twin)
    .$if(id !== undefined, (query) => query.where('id', '=', id as string))
    .$if(until !== undefined, (query) => query.where('known_at', '<=', by))
    .orderBy('seq')
    .execute();
  const files = await db
    .selectFrom('acquisition_files as f')
    .innerJoin('blobs as b', 'b.sha256', 'f.sha256')
    .select(['f.acquisition', 'f.name', 'f.sha256', 'b.bytes'])
    .where('f.twin', '=', twin)
    .$if(id !== undefined, (query) => query.where('f.acquisition', '=', id as string))
    .orderBy('f.acquisition')
    .orderBy('f.position')
    .execute();
  const events = await db
    .selectFrom('acquisition_events')
    .select(['acquisition', 'event', 'reason', 'at'])
    .where('twin', '=', twin)
    .$if(id !== undefined, (query) => query.where('acquisition', '=', id as string))
    .$if(until !== undefined, (query) => query.where('at', '<=', by))
    .orderBy('seq')
    .execute();
  const filesOf = Map.groupBy(files, (file) => file.acquisition);
  const lastEvent = new Map(events.map((event) => [event.acquisition, event]));
  return rows.map((row): StoredAcquisition => {
    const event = lastEvent.get(row.id);
    const acquisition: Acquisition = {
      ...row.content,
      id: row.id,
      knownAt: row.known_at.toISOString(),
      files: (filesOf.get(row.id) ?? []).map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    };
    if (event?.event !== 'retracted') return acquisition;
    return { ...acquisition, retracted: { at: event.at.toISOString(), reason: event.reason } };
  });
}

/** Every acquisition of a twin by id, and whether it is retracted now. */
export async function loadRetractions(db: Db, twin: string): Promise<Map<string, boolean>> {
  const rows = await db
    .selectFrom('acquisition_events')
    .distinctOn('acquisition')
    .select(['acquisition', 'event'])
    .where('twin', '=', twin)
    .orderBy('acquisition')
    .orderBy('seq', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.acquisition, row.event === 'retracted']));
}
