/** Runs: the whole result of a capability or reader in one transaction, with the snapshot that follows. */

import { MsdtError } from '../../model/index.ts';
import {
  assertRun,
  canonicalJson,
  IMPORT,
  type PutRunResult,
  type RunRecord,
  type StoredRun,
} from '../../twin/index.ts';
import { among, loadArtifacts, loadFeatures, loadRetractions } from './records.ts';
import { appendWhenChanged, loadStanding, newestSnapshot } from './snapshots.ts';
import { storable, toJsonb } from './text.ts';
import { type Db, insertAll, lockTwin, nameBlobs, notFound, type Tx, type World } from './world.ts';

export async function putRun(
  world: World,
  twin: string,
  run: RunRecord,
  reason = run.provenance.capability,
): Promise<PutRunResult> {
  assertRun(run);
  const result = await world.gate.shared(() =>
    world.db.transaction().execute(async (tx) => {
      const at = await lockTwin(world, tx, twin);
      const standing = await loadRun(tx, twin, run.key);
      if (standing) assertSameResult(standing, run);
      else await insertRun(world, tx, twin, run, at);
      const snapshot = await activate(tx, twin, run.key, run.slot, reason, at);
      return { created: !standing, snapshot };
    }),
  );
  world.blobs.unpin(run.artifacts.flatMap((artifact) => artifact.blobs.map((blob) => blob.sha256)));
  world.changed(twin);
  return result;
}

export async function activateRun(
  world: World,
  twin: string,
  key: string,
  options: { slot?: string; reason?: string } = {},
): Promise<PutRunResult> {
  const snapshot = await world.db.transaction().execute(async (tx) => {
    const at = await lockTwin(world, tx, twin);
    const head = await loadHead(tx, twin, key);
    if (!head) throw notFound('run', key);
    return activate(tx, twin, key, options.slot ?? head.slot, options.reason ?? `${head.capability} again`, at);
  });
  world.changed(twin);
  return { created: false, snapshot };
}

/** Gives a run its slot, unless it stands there already, and appends the snapshot that follows. */
async function activate(tx: Tx, twin: string, key: string, slot: string, reason: string, at: Date) {
  const standing = await loadStanding(tx, twin);
  if (!standing.some((run) => run.key === key && run.slot === slot))
    await insertAll(tx, 'activations', [{ twin, run: key, slot, at }]);
  return appendWhenChanged(tx, twin, reason, at);
}

async function insertRun(world: World, tx: Tx, twin: string, run: RunRecord, at: Date): Promise<void> {
  await assertReferences(tx, twin, run);
  await nameBlobs(
    world,
    tx,
    run.artifacts.flatMap((artifact) => artifact.blobs),
  );
  const { key, provenance, acquisitions, replaces, quality } = run;
  const { capability, version } = provenance;
  const head = { twin, key, capability, version, acquisitions, replaces, known_at: at };
  await insertAll(tx, 'runs', [{ ...head, provenance: toJsonb(provenance), quality: toJsonb(quality) }]);
  await insertArtifacts(tx, twin, run);
  await insertFeatures(tx, twin, run, at);
}

async function insertArtifacts(tx: Tx, twin: string, run: RunRecord): Promise<void> {
  const rows = run.artifacts.map(({ id, kind, run: key, role, index, blobs: _, provenance: __, ...content }) => {
    return { twin, id, run: key, role, index, kind, content: toJsonb(content) };
  });
  await insertAll(tx, 'artifacts', rows);
  const blobs = run.artifacts.flatMap((artifact) =>
    artifact.blobs.map(({ name, mediaType, sha256 }, position) => {
      return { twin, artifact: artifact.id, position, name: storable(name), media_type: mediaType, sha256 };
    }),
  );
  await insertAll(tx, 'artifact_blobs', blobs);
  if (run.provenance.capability === IMPORT) return;
  const edges = Object.entries(run.provenance.inputs).flatMap(([role, ids]) =>
    ids.map((artifact, position) => ({ twin, run: run.key, role, position, artifact })),
  );
  await insertAll(tx, 'edges', edges);
}

async function insertFeatures(tx: Tx, twin: string, run: RunRecord, at: Date): Promise<void> {
  const rows = run.features.map(({ id, run: key, ...content }, position) => {
    const { definition, unit } = content;
    return { twin, id, run: key, position, definition, unit, content: toJsonb(content), known_at: at };
  });
  await insertAll(tx, 'features', rows);
  const evidence = run.features.flatMap((feature) =>
    feature.evidence.map(({ artifact }, position) => ({ twin, feature: feature.id, position, artifact })),
  );
  await insertAll(tx, 'evidence', evidence);
}

/** The database would refuse these too; here they get words. */
async function assertReferences(tx: Tx, twin: string, run: RunRecord): Promise<void> {
  const known = await loadRetractions(tx, twin);
  for (const acquisition of run.acquisitions) if (!known.has(acquisition)) throw notFound('acquisition', acquisition);
  const own = new Set(run.artifacts.map((artifact) => artifact.id));
  const inputs = run.provenance.capability === IMPORT ? [] : Object.values(run.provenance.inputs).flat();
  const evidence = run.features.flatMap((feature) => feature.evidence.map((item) => item.artifact));
  const wanted = [...new Set([...inputs, ...evidence, ...run.replaces])].filter((id) => !own.has(id));
  const rows = await tx
    .selectFrom('artifacts')
    .select('id')
    .where('twin', '=', twin)
    .where(among('id', wanted))
    .execute();
  const there = new Set(rows.map((row) => row.id));
  for (const id of wanted) if (!there.has(id)) throw notFound('artifact', id);
}

/** Same in, same out, bit for bit. */
function assertSameResult(standing: StoredRun, run: RunRecord): void {
  const differing = run.artifacts.filter((artifact) => {
    const other = standing.artifacts.find((item) => item.id === artifact.id);
    return !other || hashes(other) !== hashes(artifact);
  });
  const values = (features: RunRecord['features']): string =>
    canonicalJson(features.map(({ id, value, uncertainty }) => ({ id, value, uncertainty })));
  const same = standing.artifacts.length === run.artifacts.length && values(standing.features) === values(run.features);
  if (differing.length === 0 && same) return;
  throw new MsdtError('store.conflict', `${run.provenance.capability} gave another result from the same inputs`, {
    detail: differing.map((artifact) => artifact.name).join(', ') || 'its features differ',
    hint: 'The first result stays. This is a defect of the capability: raise its version when its results change.',
  });
}

function hashes(artifact: { blobs: readonly { sha256: string }[] }): string {
  return artifact.blobs.map((blob) => blob.sha256).join();
}

interface Head {
  key: string;
  slot: string;
  capability: string;
}

async function loadHead(db: Db, twin: string, key: string): Promise<Head | undefined> {
  return db
    .selectFrom('runs as r')
    .innerJoin('activations as a', (join) => join.onRef('a.twin', '=', 'r.twin').onRef('a.run', '=', 'r.key'))
    .select(['r.key', 'a.slot', 'r.capability'])
    .where('r.twin', '=', twin)
    .where('r.key', '=', key)
    .orderBy('a.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function loadRun(db: Db, twin: string, key: string): Promise<StoredRun | undefined> {
  const head = await loadHead(db, twin, key);
  if (!head) return undefined;
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('twin', '=', twin)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const newest = await newestSnapshot(db, twin);
  return {
    key,
    slot: head.slot,
    provenance: row.provenance,
    acquisitions: row.acquisitions,
    replaces: row.replaces,
    quality: row.quality,
    artifacts: await loadArtifacts(db, twin, () => among('run', [key])),
    features: await loadFeatures(db, twin, () => among('run', [key])),
    knownAt: row.known_at.toISOString(),
    current: newest?.runs.includes(key) ?? false,
  };
}
