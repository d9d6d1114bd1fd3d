/** The tables as kysely sees them. What they promise stands in `migrations.ts`. */

import type { Generated, JSONColumnType } from 'kysely';
import type {
  Acquisition,
  Assessment,
  ClosedOutcome,
  ErrorRecord,
  Provenance,
  QualityFlag,
  SuggestionDecision,
  TableProfile,
} from '../../model/index.ts';
import type { Identity, JobItem, JobState, Json, NewFeature, StoredArtifact } from '../../twin/index.ts';

/** JSON column whose content is written as text and read as an object. */
type JsonColumn<T> = JSONColumnType<T & object, string, string>;
/** JSON column that may also hold a bare value; wrapped so that a driver never mistakes it for text. */
interface Boxed {
  value: Json;
}

export interface Tables {
  twins: { id: string; alias: string; synthetic: boolean; created_at: Date };
  identities: { twin: string; content: JsonColumn<Identity>; saved_at: Date };
  blobs: { sha256: string; bytes: number };
  acquisitions: {
    twin: string;
    id: string;
    seq: Generated<number>;
    content: JsonColumn<Omit<Acquisition, 'id' | 'knownAt' | 'files'>>;
    known_at: Date;
  };
  acquisition_files: { twin: string; acquisition: string; position: number; name: string; sha256: string };
  acquisition_events: {
    twin: string;
    acquisition: string;
    seq: Generated<number>;
    event: 'added' | 'retracted' | 'reinstated';
    reason: string;
    at: Date;
  };
  runs: {
    twin: string;
    key: string;
    capability: string;
    version: number;
    provenance: JsonColumn<Provenance>;
    acquisitions: string[];
    replaces: string[];
    quality: JsonColumn<QualityFlag[]>;
    known_at: Date;
  };
  activations: { seq: Generated<number>; twin: string; run: string; slot: string; at: Date };
  artifacts: {
    twin: string;
    id: string;
    run: string;
    role: string;
    index: number;
    kind: string;
    content: JsonColumn<Omit<StoredArtifact, 'id' | 'run' | 'role' | 'index' | 'kind' | 'blobs' | 'provenance'>>;
  };
  artifact_blobs: {
    twin: string;
    artifact: string;
    position: number;
    name: string;
    media_type: string;
    sha256: string;
  };
  edges: { twin: string; run: string; role: string; position: number; artifact: string };
  features: {
    twin: string;
    id: string;
    run: string;
    position: number;
    definition: string;
    unit: string;
    content: JsonColumn<Omit<NewFeature, 'id' | 'run'>>;
    known_at: Date;
  };
  evidence: { twin: string; feature: string; position: number; artifact: string };
  snapshots: {
    id: Generated<number>;
    twin: string;
    at: Date;
    reason: string;
    runs: string[];
    artifacts: string[];
    features: string[];
  };
  documents: {
    twin: string;
    name: string;
    version: number;
    content: JsonColumn<Boxed>;
    user_name: string | null;
    saved_at: Date;
  };
  assessments: {
    twin: string;
    number: number;
    at: Date;
    reason: string;
    snapshot: number | null;
    content: JsonColumn<Assessment>;
  };
  decisions: { seq: Generated<number>; twin: string; at: Date; content: JsonColumn<Omit<SuggestionDecision, 'at'>> };
  outcomes: { seq: Generated<number>; twin: string; at: Date; content: JsonColumn<Omit<ClosedOutcome, 'twin'>> };
  site_events: { seq: Generated<number>; at: Date; kind: string; content: JsonColumn<Boxed> };
  profiles: { name: string; version: number; content: JsonColumn<TableProfile>; saved_at: Date };
  jobs: {
    id: string;
    seq: Generated<number>;
    twin: string | null;
    kind: string;
    title: string;
    state: JobState;
    progress: number;
    message: string;
    request: JsonColumn<Boxed>;
    attempt: number;
    items: JsonColumn<JobItem[]>;
    error: JSONColumnType<ErrorRecord | null, string | null, string | null>;
    created_at: Date;
    started_at: Date | null;
    ended_at: Date | null;
  };
}
