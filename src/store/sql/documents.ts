/** Named JSON documents of a twin: measurements, view state. Every save is a new version. */

import { MsdtError } from '../../model/index.ts';
import type { DocumentVersion, Json } from '../../twin/index.ts';
import { storable, toJsonb } from './text.ts';
import { type Db, lockTwin, twinRow, type World } from './world.ts';

export async function putDocument(
  world: World,
  twin: string,
  name: string,
  content: Json,
  options: { baseVersion?: number; user?: string } = {},
): Promise<DocumentVersion> {
  const { baseVersion, user } = options;
  const saved = await world.db.transaction().execute(async (tx): Promise<DocumentVersion> => {
    const at = await lockTwin(world, tx, twin);
    const last = (await getDocument(tx, twin, name))?.version ?? 0;
    if (baseVersion !== undefined && baseVersion !== last) {
      throw new MsdtError('store.conflict', `"${name}" was changed by somebody else`, {
        detail: `the change starts from version ${baseVersion}, the newest is ${last}`,
        hint: 'Load the newest version and make the change again.',
      });
    }
    const stored = storable(content);
    const row = { twin, name, version: last + 1, user_name: user ?? null, saved_at: at };
    await tx
      .insertInto('documents')
      .values({ ...row, content: toJsonb({ value: stored }) })
      .execute();
    return { name, version: last + 1, savedAt: at.toISOString(), user, content: stored };
  });
  world.changed(twin);
  return saved;
}

export async function getDocument(
  db: Db,
  twin: string,
  name: string,
  version?: number,
): Promise<DocumentVersion | undefined> {
  const row = await db
    .selectFrom('documents')
    .selectAll()
    .where('twin', '=', twin)
    .where('name', '=', name)
    .$if(version !== undefined, (query) => query.where('version', '=', version as number))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    name,
    version: row.version,
    savedAt: row.saved_at.toISOString(),
    user: row.user_name ?? undefined,
    content: row.content.value,
  };
}

export async function listDocuments(db: Db, twin: string): Promise<Omit<DocumentVersion, 'content'>[]> {
  await twinRow(db, twin);
  const rows = await db
    .selectFrom('documents')
    .distinctOn('name')
    .select(['name', 'version', 'saved_at', 'user_name'])
    .where('twin', '=', twin)
    .orderBy('name')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ name, version, saved_at, user_name }) => {
    return { name, version, savedAt: saved_at.toISOString(), user: user_name ?? undefined };
  });
}
