/** What came in: added, retracted, counted again. Never changed. */

import type { Snapshot } from '../../model/index.ts';
import { acquisitionId, assertBlobs, type NewAcquisition, type StoredAcquisition } from '../../twin/index.ts';
import { loadAcquisitions } from './records.ts';
import { appendSnapshot, appendWhenChanged } from './snapshots.ts';
import { storable, toJsonb } from './text.ts';
import { insertAll, lockTwin, nameBlobs, notFound, type Tx, type World } from './world.ts';

export async function addAcquisition(world: World, twin: string, given: NewAcquisition): Promise<StoredAcquisition> {
  assertBlobs('acquisition.files', given.files);
  const id = acquisitionId(given.modality, given.files);
  const stored = await world.gate.shared(() =>
    world.db.transaction().execute(async (tx) => {
      const at = await lockTwin(world, tx, twin);
      const [standing] = await loadAcquisitions(tx, twin, { id });
      if (!standing) await insertAcquisition(world, tx, twin, id, given, at);
      else if (standing.retracted) {
        await insertAll(tx, 'acquisition_events', [{ twin, acquisition: id, event: 'reinstated', reason: '', at }]);
        await appendWhenChanged(tx, twin, `${given.modality} added again`, at);
      }
      const [result] = await loadAcquisitions(tx, twin, { id });
      return result;
    }),
  );
  world.blobs.unpin(given.files.map((file) => file.sha256));
  world.changed(twin);
  return stored;
}

async function insertAcquisition(
  world: World,
  tx: Tx,
  twin: string,
  id: string,
  given: NewAcquisition,
  at: Date,
): Promise<void> {
  const { files, ...content } = given;
  await nameBlobs(world, tx, files);
  await insertAll(tx, 'acquisitions', [{ twin, id, content: toJsonb(content), known_at: at }]);
  await insertAll(
    tx,
    'acquisition_files',
    files.map(({ name, sha256 }, position) => ({ twin, acquisition: id, position, name: storable(name), sha256 })),
  );
  await insertAll(tx, 'acquisition_events', [{ twin, acquisition: id, event: 'added', reason: '', at }]);
  // what was generated marks the whole twin, so that no list shows it as a person
  if (given.synthetic) await tx.updateTable('twins').set({ synthetic: true }).where('id', '=', twin).execute();
}

export async function retractAcquisition(
  world: World,
  twin: string,
  acquisition: string,
  reason: string,
): Promise<Snapshot> {
  const snapshot = await world.db.transaction().execute(async (tx) => {
    const at = await lockTwin(world, tx, twin);
    const [standing] = await loadAcquisitions(tx, twin, { id: acquisition });
    if (!standing) throw notFound('acquisition', acquisition);
    if (!standing.retracted) {
      await insertAll(tx, 'acquisition_events', [
        { twin, acquisition, event: 'retracted', reason: storable(reason), at },
      ]);
    }
    return appendSnapshot(tx, twin, `${standing.modality} retracted: ${reason}`, at);
  });
  world.changed(twin);
  return snapshot;
}
