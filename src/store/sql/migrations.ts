/**
 * The tables and what they hold to, step by step. Steps are only ever added: a database of any age is brought forward.
 *
 * What the model promises is held here a second time, below the code: history cannot be updated or deleted (except to erase
 * a subject), a file named by a row is a known blob, evidence points at artifacts of the same twin, a feature has a unit, a
 * doubt and a value or a reason.
 */

import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { MsdtError, messageOf } from '../../model/index.ts';
import type { Tables } from './schema.ts';

/** Tables whose rows are never changed, and only deleted when a subject is erased. */
const HISTORY = [
  'acquisitions',
  'acquisition_files',
  'acquisition_events',
  'runs',
  'activations',
  'artifacts',
  'artifact_blobs',
  'edges',
  'features',
  'evidence',
  'snapshots',
  'documents',
] as const;

const FIRST: readonly string[] = [
  `create table twins (
    id text primary key, alias text not null check (alias <> ''), synthetic boolean not null, created_at timestamptz not null)`,
  `create table identities (
    twin text primary key references twins on delete cascade, content jsonb not null, saved_at timestamptz not null)`,
  `create table blobs (sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'), bytes bigint not null check (bytes >= 0))`,
  `create table acquisitions (
    twin text not null references twins on delete cascade, id text not null, seq bigint generated always as identity,
    content jsonb not null, known_at timestamptz not null, primary key (twin, id))`,
  `create table acquisition_files (
    twin text not null, acquisition text not null, position integer not null, name text not null check (name <> ''),
    sha256 text not null references blobs,
    primary key (twin, acquisition, position),
    foreign key (twin, acquisition) references acquisitions on delete cascade)`,
  'create index acquisition_files_blob on acquisition_files (sha256)',
  `create table acquisition_events (
    twin text not null, acquisition text not null, seq bigint generated always as identity primary key,
    event text not null check (event in ('added', 'retracted', 'reinstated')), reason text not null, at timestamptz not null,
    foreign key (twin, acquisition) references acquisitions on delete cascade)`,
  'create index acquisition_events_twin on acquisition_events (twin, acquisition, seq)',
  `create table runs (
    twin text not null references twins on delete cascade, key text not null check (key ~ '^[0-9a-f]{64}$'),
    capability text not null check (capability <> ''), version integer not null,
    provenance jsonb not null, acquisitions text[] not null, replaces text[] not null, quality jsonb not null,
    known_at timestamptz not null, primary key (twin, key))`,
  `create table activations (
    seq bigint generated always as identity primary key, twin text not null, run text not null,
    slot text not null check (slot <> ''), at timestamptz not null,
    foreign key (twin, run) references runs on delete cascade)`,
  'create index activations_twin on activations (twin, seq)',
  `create table artifacts (
    twin text not null, id text not null check (id ~ '^[0-9a-f]{64}$'), run text not null, role text not null,
    index integer not null check (index >= 0), kind text not null, content jsonb not null,
    primary key (twin, id), unique (twin, run, role, index),
    foreign key (twin, run) references runs on delete cascade)`,
  'create index artifacts_id on artifacts (id)',
  `create table artifact_blobs (
    twin text not null, artifact text not null, position integer not null, name text not null check (name <> ''),
    media_type text not null, sha256 text not null references blobs,
    primary key (twin, artifact, position),
    foreign key (twin, artifact) references artifacts on delete cascade)`,
  'create index artifact_blobs_blob on artifact_blobs (sha256)',
  `create table edges (
    twin text not null, run text not null, role text not null, position integer not null, artifact text not null,
    primary key (twin, run, role, position),
    foreign key (twin, run) references runs on delete cascade,
    foreign key (twin, artifact) references artifacts on delete cascade)`,
  'create index edges_artifact on edges (twin, artifact)',
  `create table features (
    twin text not null, id text not null, run text not null, position integer not null,
    definition text not null check (definition <> ''), unit text not null check (unit <> ''), content jsonb not null,
    known_at timestamptz not null,
    primary key (twin, id), unique (twin, run, position),
    foreign key (twin, run) references runs on delete cascade,
    constraint feature_has_evidence check (coalesce(jsonb_array_length(content->'evidence'), 0) > 0),
    constraint feature_has_doubt check (coalesce(content->'uncertainty'->>'kind', '') in ('interval', 'exact', 'unknown')
      and (content->'uncertainty'->>'kind' <> 'unknown' or coalesce(content->'uncertainty'->>'reason', '') <> '')),
    constraint feature_has_value check (coalesce(jsonb_typeof(content->'value'), 'null') <> 'null'
      or coalesce(content->>'missing', '') <> ''))`,
  `create table evidence (
    twin text not null, feature text not null, position integer not null, artifact text not null,
    primary key (twin, feature, position),
    foreign key (twin, feature) references features on delete cascade,
    foreign key (twin, artifact) references artifacts on delete cascade)`,
  `create table snapshots (
    id bigint generated always as identity primary key, twin text not null references twins on delete cascade,
    at timestamptz not null, reason text not null, runs text[] not null, artifacts text[] not null, features text[] not null)`,
  'create index snapshots_twin on snapshots (twin, id)',
  `create table documents (
    twin text not null references twins on delete cascade, name text not null check (name <> ''),
    version integer not null check (version > 0), content jsonb not null, user_name text, saved_at timestamptz not null,
    primary key (twin, name, version))`,
  `create table jobs (
    id text primary key, seq bigint generated always as identity, twin text references twins on delete cascade,
    kind text not null, title text not null,
    state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress double precision not null check (progress between 0 and 1), message text not null, request jsonb not null,
    attempt integer not null, items jsonb not null, error jsonb,
    created_at timestamptz not null, started_at timestamptz, ended_at timestamptz)`,
  'create index jobs_twin on jobs (twin, seq)',
  `create function msdt_keep_history() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('msdt.erase', true) = old.twin then return old; end if;
      raise exception '% is history: rows are added, never changed', tg_table_name using errcode = 'integrity_constraint_violation';
    end $$`,
  ...HISTORY.map(keepHistory),
];

const PROFILES: readonly string[] = [
  `create table profiles (
    name text primary key check (name <> '' and length(name) <= 120), version integer not null check (version > 0),
    content jsonb not null check (jsonb_typeof(content->'streams') = 'array'), saved_at timestamptz not null)`,
];

const INFERENCE: readonly string[] = [
  `create table assessments (
    twin text not null references twins on delete cascade, number integer not null check (number > 0),
    at timestamptz not null, reason text not null check (reason <> ''), snapshot bigint, content jsonb not null,
    primary key (twin, number))`,
  `create table decisions (
    seq bigint generated always as identity primary key, twin text not null references twins on delete cascade,
    at timestamptz not null, content jsonb not null,
    constraint decision_has_reason check (content->>'decision' <> 'overridden' or coalesce(content->>'reason', '') <> ''))`,
  'create index decisions_twin on decisions (twin, seq)',
  `create table outcomes (
    seq bigint generated always as identity primary key, twin text not null references twins on delete cascade,
    at timestamptz not null, content jsonb not null)`,
  `create table site_events (
    seq bigint generated always as identity primary key, at timestamptz not null,
    kind text not null check (kind <> ''), content jsonb not null)`,
  'create index site_events_kind on site_events (kind, seq)',
  ...['assessments', 'decisions', 'outcomes'].map(keepHistory),
  `create function msdt_keep_site_history() returns trigger language plpgsql as $$
    begin
      raise exception '% is history: rows are added, never changed', tg_table_name using errcode = 'integrity_constraint_violation';
    end $$`,
  `create trigger keep_history before update or delete on site_events for each row execute function msdt_keep_site_history()`,
];

function keepHistory(table: string): string {
  return `create trigger keep_history before update or delete on ${table} for each row execute function msdt_keep_history()`;
}

function step(statements: readonly string[]): Migration {
  return {
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

/** In order of name; never edit one that was released. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-twins': step(FIRST),
  '0002-profiles': step(PROFILES),
  '0003-inference': step(INFERENCE),
};

/**
 * Brings a database forward to this version of the program.
 * @throws MsdtError `store.unavailable` a step failed, or the database is newer than the program
 */
export async function migrate(db: Kysely<Tables>, migrations = MIGRATIONS): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (!error) return;
  const failed = results?.find((result) => result.status === 'Error');
  const newer = /corrupted migrations|previously executed migration/.test(String(error));
  throw new MsdtError('store.unavailable', 'The database could not be brought to this version', {
    where: { file: 'postgres', place: failed ? `step ${failed.migrationName}` : undefined },
    detail: messageOf(error),
    hint: newer
      ? 'The data were written by a newer msdt: start that one.'
      : 'Nothing was changed. Keep the data folder as it is and report this.',
    cause: error,
  });
}
