/** Assessments, decisions on suggestions and closed outcomes of twins: rows are added, never changed. */

import { sql } from 'kysely';
import type { Assessment, ClosedOutcome, HorizonRisk, SuggestionDecision } from '../../model/index.ts';
import { MsdtError } from '../../model/index.ts';
import type { AssessedTwin, AssessmentLine, StoredAssessment } from '../../twin/index.ts';
import { storable, toJsonb } from './text.ts';
import { type Db, lockTwin, twinRow, type World } from './world.ts';

export async function putAssessment(
  world: World,
  twin: string,
  assessment: Assessment,
  reason: string,
): Promise<StoredAssessment> {
  return world.db.transaction().execute(async (tx) => {
    const at = await lockTwin(world, tx, twin);
    const { rows } = await sql<{ number: number; snapshot: string | null }>`
      select coalesce((select max(number) from assessments where twin = ${twin}), 0) + 1 as number,
        (select max(id) from snapshots where twin = ${twin}) as snapshot`.execute(tx);
    const snapshot = rows[0].snapshot === null ? undefined : Number(rows[0].snapshot);
    const { number } = rows[0];
    await tx
      .insertInto('assessments')
      .values({ twin, number, at, reason: storable(reason), snapshot: snapshot ?? null, content: toJsonb(assessment) })
      .execute();
    return { number, at: at.toISOString(), reason, snapshot, assessment };
  });
}

export async function getAssessment(db: Db, twin: string, number?: number): Promise<StoredAssessment | undefined> {
  await twinRow(db, twin);
  const row = await db
    .selectFrom('assessments')
    .selectAll()
    .where('twin', '=', twin)
    .$if(number !== undefined, (query) => query.where('number', '=', number as number))
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const snapshot = row.snapshot === null ? undefined : Number(row.snapshot);
  return { number: row.number, at: row.at.toISOString(), reason: row.reason, snapshot, assessment: row.content };
}

export async function listAssessments(db: Db, twin: string): Promise<AssessmentLine[]> {
  await twinRow(db, twin);
  const { rows } = await sql<{
    number: number;
    at: Date;
    reason: string;
    index_date: string;
    setting: string;
    setting_chosen: boolean;
    state: AssessmentLine['state'];
    model_version: number;
    horizons: HorizonRisk[];
    logit: number;
    sd_logit: number;
    observed: number;
  }>`
    select number, at, reason, content->>'indexDate' as index_date, content->'risk'->'setting'->>'id' as setting,
      (content->'settingChosen')::boolean as setting_chosen, content->'risk'->>'state' as state,
      (content->'risk'->'model'->'version')::double precision as model_version, content->'risk'->'horizons' as horizons,
      (content->'risk'->'logit')::double precision as logit, (content->'risk'->'sdLogit')::double precision as sd_logit,
      jsonb_array_length(content->'used') as observed
    from assessments where twin = ${twin} order by number`.execute(db);
  return rows.map(({ index_date, setting_chosen, model_version, sd_logit, at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    indexDate: index_date,
    settingChosen: setting_chosen,
    modelVersion: model_version,
    sdLogit: sd_logit,
  }));
}

export async function newestAssessments(db: Db): Promise<AssessedTwin[]> {
  const { rows } = await sql<Omit<AssessedTwin, 'operatedIn'> & { operated_in: 0 | 1 | 2 | null }>`
    select distinct on (a.twin) a.twin, t.alias, t.synthetic, a.content->>'indexDate' as "indexDate", a.content->'used' as used,
      (a.content->'risk'->'horizons'->0->'expected')::double precision as probability,
      (a.content->'risk'->'horizons'->0->'low')::double precision as low,
      (a.content->'risk'->'horizons'->0->'high')::double precision as high,
      (select (o.content->'operatedIn')::integer from outcomes o where o.twin = a.twin order by o.seq desc limit 1) as operated_in
    from assessments a join twins t on t.id = a.twin order by a.twin, a.number desc`.execute(db);
  return rows.map(({ operated_in, ...row }) => ({ ...row, ...(operated_in !== null && { operatedIn: operated_in }) }));
}

export async function putDecision(
  world: World,
  twin: string,
  decision: Omit<SuggestionDecision, 'at'>,
): Promise<SuggestionDecision> {
  if (decision.decision === 'overridden' && !decision.reason?.trim())
    throw new MsdtError('parameter.invalid', 'Overriding a suggestion needs a reason', {
      hint: 'Say in a few words why it does not fit this patient.',
    });
  return world.db.transaction().execute(async (tx) => {
    const at = await lockTwin(world, tx, twin);
    const content = storable(decision);
    await tx
      .insertInto('decisions')
      .values({ twin, at, content: toJsonb(content) })
      .execute();
    return { ...content, at: at.toISOString() };
  });
}

export async function listDecisions(db: Db, twin: string): Promise<SuggestionDecision[]> {
  await twinRow(db, twin);
  const rows = await db.selectFrom('decisions').selectAll().where('twin', '=', twin).orderBy('seq').execute();
  return rows.map(({ at, content }) => ({ ...content, at: at.toISOString() }));
}

export async function putOutcome(world: World, { twin, ...outcome }: ClosedOutcome): Promise<void> {
  await world.db.transaction().execute(async (tx) => {
    const at = await lockTwin(world, tx, twin);
    await tx
      .insertInto('outcomes')
      .values({ twin, at, content: toJsonb(outcome) })
      .execute();
  });
}

export async function listOutcomes(db: Db, setting: string): Promise<ClosedOutcome[]> {
  const rows = await db
    .selectFrom('outcomes')
    .selectAll()
    .where(sql<string>`content->>'setting'`, '=', setting)
    .orderBy('seq')
    .execute();
  return rows.map(({ twin, content }) => ({ twin, ...content }));
}
