/** Snapshots: computed and appended in the transaction that changed the twin, read back for any moment. */

import { MsdtError, type Snapshot } from '../../model/index.ts';
import {
  type ActiveRun,
  type AsOf,
  currentSet,
  endOfTime,
  type SnapshotInfo,
  type StandingRun,
  sameSet,
  standingRuns,
  type TwinState,
  validBy,
} from '../../twin/index.ts';
import { among, inOrder, loadAcquisitions, loadArtifacts, loadFeatures, loadRetractions } from './records.ts';
import { storable } from './text.ts';
import { type Db, notFound, type Tx, twinRow } from './world.ts';

/** Runs that stand in their slots now, with what they made. */
export async function loadStanding(db: Db, twin: string): Promise<StandingRun[]> {
  const activations = await db
    .selectFrom('activations as a')
    .innerJoin('runs as r', (join) => join.onRef('r.twin', '=', 'a.twin').onRef('r.key', '=', 'a.run'))
    .select(['r.key', 'a.slot', 'r.acquisitions', 'r.replaces'])
    .where('a.twin', '=', twin)
    .orderBy('a.seq')
    .execute();
  const retracted = [...(await loadRetractions(db, twin))].flatMap(([id, gone]) => (gone ? [id] : []));
  const standing = standingRuns(activations, new Set(retracted));
  const keys = standing.map((run) => run.key);
  const artifacts = await idsByRun(db, twin, 'artifacts', keys);
  const features = await idsByRun(db, twin, 'features', keys);
  return standing.map((run) => ({
    ...run,
    artifacts: artifacts.get(run.key) ?? [],
    features: features.get(run.key) ?? [],
  }));
}

async function idsByRun(
  db: Db,
  twin: string,
  table: 'artifacts' | 'features',
  keys: readonly string[],
): Promise<Map<string, string[]>> {
  const mine = among('run', keys);
  const rows =
    table === 'artifacts'
      ? await db
          .selectFrom('artifacts')
          .select(['id', 'run'])
          .where('twin', '=', twin)
          .where(mine)
          .orderBy('role')
          .orderBy('index')
          .execute()
      : await db
          .selectFrom('features')
          .select(['id', 'run'])
          .where('twin', '=', twin)
          .where(mine)
          .orderBy('position')
          .execute();
  const grouped = Map.groupBy(rows, (row) => row.run);
  return new Map([...grouped].map(([run, group]) => [run, group.map((row) => row.id)]));
}

/** Appends a snapshot of what is current. The twin is locked. */
export async function appendSnapshot(tx: Tx, twin: string, reason: string, at: Date): Promise<Snapshot> {
  const now = currentSet(await loadStanding(tx, twin));
  return insertSnapshot(tx, twin, reason, at, now);
}

/** Appends a snapshot when what is current differs from the newest one, else gives the newest. The twin is locked. */
export async function appendWhenChanged(tx: Tx, twin: string, reason: string, at: Date): Promise<Snapshot> {
  const now = currentSet(await loadStanding(tx, twin));
  const last = await newestSnapshot(tx, twin);
  if (!last || !sameSet(last, now)) return insertSnapshot(tx, twin, reason, at, now);
  const { runs: _, ...snapshot } = last;
  return snapshot;
}

async function insertSnapshot(
  tx: Tx,
  twin: string,
  reason: string,
  at: Date,
  now: { runs: string[]; artifacts: string[]; features: string[] },
): Promise<Snapshot> {
  const { id } = await tx
    .insertInto('snapshots')
    .values({ twin, at, reason: storable(reason), ...now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, twin, at: at.toISOString(), reason, artifacts: now.artifacts, features: now.features };
}

type FullSnapshot = Snapshot & { runs: string[] };

/** @param by - last millisecond of known time that counts */
export async function newestSnapshot(db: Db, twin: string, by?: number): Promise<FullSnapshot | undefined> {
  const row = await db
    .selectFrom('snapshots')
    .selectAll()
    .where('twin', '=', twin)
    .$if(by !== undefined, (query) => query.where('at', '<=', new Date(by as number)))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, at: row.at.toISOString() };
}

export async function getSnapshot(db: Db, twin: string, id: number): Promise<Snapshot> {
  const row = await db
    .selectFrom('snapshots')
    .select(['id', 'twin', 'at', 'reason', 'artifacts', 'features'])
    .where('twin', '=', twin)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw notFound('snapshot', id);
  return { ...row, at: row.at.toISOString() };
}

export async function listSnapshots(db: Db, twin: string): Promise<SnapshotInfo[]> {
  await twinRow(db, twin);
  const rows = await db
    .selectFrom('snapshots')
    .select(['id', 'twin', 'at', 'reason'])
    .where('twin', '=', twin)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** The twin now, or as of a valid and a known time. */
export async function loadState(db: Db, twinId: string, asOf: AsOf): Promise<TwinState> {
  const twin = await twinRow(db, twinId);
  const by = asOf.knownAt === undefined ? undefined : readTime(asOf.knownAt);
  if (asOf.validAt !== undefined) readTime(asOf.validAt);
  const found = await newestSnapshot(db, twinId, by);
  const acquisitions = (await loadAcquisitions(db, twinId, { by })).filter(
    (item) => !item.retracted && validBy({ validAt: item.takenAt, knownAt: item.knownAt }, asOf.validAt),
  );
  if (!found) return { twin, asOf, acquisitions, artifacts: [], features: [], runs: [] };
  const { runs: keys, ...snapshot } = found;
  const artifacts = inOrder(snapshot.artifacts, await loadArtifacts(db, twinId, () => among('id', snapshot.artifacts)));
  const features = inOrder(snapshot.features, await loadFeatures(db, twinId, () => among('id', snapshot.features)));
  const { runs, knownAt } = await loadRunHeads(db, twinId, keys);
  return {
    twin,
    asOf,
    snapshot,
    acquisitions,
    artifacts: artifacts.filter((item) =>
      validBy({ validAt: item.takenAt, knownAt: knownAt.get(item.run) as string }, asOf.validAt),
    ),
    features: features.filter((item) => validBy(item, asOf.validAt)),
    runs,
  };
}

async function loadRunHeads(
  db: Db,
  twin: string,
  keys: readonly string[],
): Promise<{ runs: ActiveRun[]; knownAt: Map<string, string> }> {
  const rows = await db
    .selectFrom('runs as r')
    .innerJoin('activations as a', (join) => join.onRef('a.twin', '=', 'r.twin').onRef('a.run', '=', 'r.key'))
    .select(['r.key', 'r.capability', 'r.version', 'r.provenance', 'r.quality', 'r.known_at', 'a.slot'])
    .where('r.twin', '=', twin)
    .where(among('r.key', keys))
    .orderBy('a.seq')
    .execute();
  const last = new Map(rows.map((row) => [row.key, row]));
  const runs = keys.flatMap((key): ActiveRun[] => {
    const row = last.get(key);
    if (!row) return [];
    const { slot, capability, version, provenance, quality } = row;
    return [{ key, slot, capability, version, params: provenance.params, provenance, quality }];
  });
  return { runs, knownAt: new Map(rows.map((row) => [row.key, row.known_at.toISOString()])) };
}

function readTime(text: string): number {
  try {
    return endOfTime(text);
  } catch (cause) {
    throw new MsdtError('parameter.invalid', `"${text.slice(0, 40)}" is not a time`, {
      hint: 'Use ISO 8601, such as 2026-03-02 or 2026-03-02T09:30:00Z.',
      cause,
    });
  }
}
