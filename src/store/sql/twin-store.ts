/** The storage port on PostgreSQL: one object, its parts beside it. */

import type { TwinStore } from '../../twin/index.ts';
import { addAcquisition, retractAcquisition } from './acquisitions.ts';
import {
  getAssessment,
  listAssessments,
  listDecisions,
  listOutcomes,
  newestAssessments,
  putAssessment,
  putDecision,
  putOutcome,
} from './assessments.ts';
import { getDocument, listDocuments, putDocument } from './documents.ts';
import { among, inOrder, loadAcquisitions, loadArtifacts } from './records.ts';
import { activateRun, loadRun, putRun } from './runs.ts';
import { appendSnapshot, getSnapshot, listSnapshots, loadState } from './snapshots.ts';
import { createTwin, eraseTwin, getIdentity, listTwins, renameTwin, setIdentity } from './twins.ts';
import { lockTwin, notFound, twinRow, type World } from './world.ts';

export function sqlTwins(world: World): TwinStore {
  const { db } = world;
  return {
    createTwin: (alias, options = {}) => createTwin(world, alias, options.synthetic ?? false),
    listTwins: () => listTwins(world),
    getTwin: (twin) => twinRow(db, twin),
    renameTwin: (twin, alias) => renameTwin(world, twin, alias),
    eraseTwin: (twin) => eraseTwin(world, twin),
    setIdentity: (twin, identity) => setIdentity(world, twin, identity),
    getIdentity: (twin) => getIdentity(world, twin),
    addAcquisition: (twin, acquisition) => addAcquisition(world, twin, acquisition),
    retractAcquisition: (twin, id, reason) => retractAcquisition(world, twin, id, reason),
    async acquisitions(twin) {
      await twinRow(db, twin);
      return loadAcquisitions(db, twin);
    },
    putRun: (twin, run, reason) => putRun(world, twin, run, reason),
    findRun: (twin, key) => loadRun(db, twin, key),
    activateRun: (twin, key, options) => activateRun(world, twin, key, options),
    artifacts: async (twin, ids) => inOrder(ids, await loadArtifacts(db, twin, () => among('id', ids))),
    async findArtifact(id) {
      const row = await db.selectFrom('artifacts').select('twin').where('id', '=', id).limit(1).executeTakeFirst();
      if (!row) throw notFound('artifact', id);
      const [artifact] = await loadArtifacts(db, row.twin, () => among('id', [id]));
      return { twin: row.twin, artifact };
    },
    async snapshot(twin, reason) {
      const snapshot = await db.transaction().execute(async (tx) => {
        return appendSnapshot(tx, twin, reason, await lockTwin(world, tx, twin));
      });
      world.changed(twin);
      return snapshot;
    },
    snapshots: (twin) => listSnapshots(db, twin),
    getSnapshot: (twin, id) => getSnapshot(db, twin, id),
    current: (twin, options = {}) => loadState(db, twin, options.asOf ?? {}),
    putDocument: (twin, name, content, options) => putDocument(world, twin, name, content, options),
    getDocument: (twin, name, version) => getDocument(db, twin, name, version),
    listDocuments: (twin) => listDocuments(db, twin),
    putAssessment: (twin, assessment, reason) => putAssessment(world, twin, assessment, reason),
    getAssessment: (twin, number) => getAssessment(db, twin, number),
    assessments: (twin) => listAssessments(db, twin),
    newestAssessments: () => newestAssessments(db),
    putDecision: (twin, decision) => putDecision(world, twin, decision),
    decisions: (twin) => listDecisions(db, twin),
    putOutcome: (outcome) => putOutcome(world, outcome),
    outcomes: (setting) => listOutcomes(db, setting),
  };
}
