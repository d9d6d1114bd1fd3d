/**
 * The storage port: what every driver promises, whatever lies behind it.
 *
 * Written at once or not at all; nothing is overwritten; a row that commits is never without its blob.
 */

import type {
  Acquisition,
  Artifact,
  Assessment,
  ClosedOutcome,
  ErrorRecord,
  Feature,
  HorizonRisk,
  ParamValues,
  Provenance,
  QualityFlag,
  RiskPrediction,
  Snapshot,
  SuggestionDecision,
  SynchronisedFeature,
  TableProfile,
  Twin,
} from '../model/index.ts';
import type { Json } from './canonical.ts';
import type { RunRecord, StoredArtifact, StoredRun } from './run.ts';
import type { AsOf } from './time.ts';

/** Who the subject is. Held apart from everything else and never part of an artifact, a file name, a log or an export. */
export interface Identity {
  name?: string;
  /** ISO 8601 date */
  birthDate?: string;
  sex?: string;
  /** hospital and insurance numbers, each with the system that gave it */
  numbers?: { system: string; value: string }[];
  note?: string;
  /** what files were called: stand-in → the words of a name it stands for */
  fileWords?: Record<string, string>;
}

/** A line of the list of twins. */
export interface TwinSummary extends Twin {
  acquisitions: number;
  artifacts: number;
  features: number;
  /** quality flags of severity doubt or fault on what is current */
  doubts: number;
  changedAt: string;
}

/** An acquisition before the twin has it; the store gives id and known time. */
export type NewAcquisition = Omit<Acquisition, 'id' | 'knownAt'>;

/** An acquisition with what became of it. */
export interface StoredAcquisition extends Acquisition {
  retracted?: { at: string; reason: string };
}

/** A run that stands in its slot. */
export interface ActiveRun {
  key: string;
  slot: string;
  capability: string;
  version: number;
  params: ParamValues;
  provenance: Provenance;
  quality: QualityFlag[];
}

/** A snapshot without the ids it names. */
export type SnapshotInfo = Omit<Snapshot, 'artifacts' | 'features'>;

/** The twin at one moment, with what the ids of its snapshot stand for. */
export interface TwinState {
  twin: Twin;
  asOf: AsOf;
  /** absent before anything was known */
  snapshot?: Snapshot;
  /** not retracted then */
  acquisitions: StoredAcquisition[];
  artifacts: StoredArtifact[];
  features: Feature[];
  runs: ActiveRun[];
}

export interface PutRunResult {
  /** false: the run lay there already, a cache hit */
  created: boolean;
  /** the snapshot that holds it; the newest one when nothing changed */
  snapshot: Snapshot;
}

/** One version of a named JSON document of a twin: measurements, view state. */
export interface DocumentVersion {
  name: string;
  /** 1 for the first */
  version: number;
  savedAt: string;
  user?: string;
  content: Json;
}

export interface TwinStore {
  createTwin(alias: string, options?: { synthetic?: boolean }): Promise<Twin>;
  /** Newest change first. */
  listTwins(): Promise<TwinSummary[]>;
  /** @throws MsdtError `store.not-found` */
  getTwin(twin: string): Promise<Twin>;
  renameTwin(twin: string, alias: string): Promise<Twin>;
  /** Takes a subject out for good: identity, rows and the blobs that no other twin names. */
  eraseTwin(twin: string): Promise<void>;

  setIdentity(twin: string, identity: Identity): Promise<void>;
  getIdentity(twin: string): Promise<Identity | undefined>;

  /**
   * Adds what came in. The id follows from modality and files: the same files again are the same acquisition, and one
   * that was retracted counts again.
   */
  addAcquisition(twin: string, acquisition: NewAcquisition): Promise<StoredAcquisition>;
  /** Makes an acquisition and what descends from it leave the twin's present; older snapshots keep it. */
  retractAcquisition(twin: string, acquisition: string, reason: string): Promise<Snapshot>;
  /** All acquisitions, the retracted ones marked, in the order in which they came. */
  acquisitions(twin: string): Promise<StoredAcquisition[]>;

  /**
   * Records the whole result of one run and the snapshot that follows, in one transaction. A run that lies there already
   * takes its slot again without being written twice.
   * @throws ArgumentError the record breaks a rule of the model
   * @throws MsdtError `store.damaged` a blob is not on disk · `store.conflict` same key but other content ·
   *   `store.not-found` an input, acquisition or evidence that the twin does not have
   */
  putRun(twin: string, run: RunRecord, reason?: string): Promise<PutRunResult>;
  /** The run with this key, whether it is current or not. */
  findRun(twin: string, key: string): Promise<StoredRun | undefined>;
  /**
   * Lets a run that lies there take its slot again: a cache hit, an undo, a parameter set back.
   * @param options.slot - where it shall stand; where it stood last when absent
   * @throws MsdtError `store.not-found`
   */
  activateRun(twin: string, key: string, options?: { slot?: string; reason?: string }): Promise<PutRunResult>;

  /** Artifacts by id, current or not, in the order of the ids; unknown ids are left out. */
  artifacts(twin: string, ids: readonly string[]): Promise<StoredArtifact[]>;
  /** The artifact with this id in whichever twin has it. @throws MsdtError `store.not-found` */
  findArtifact(id: string): Promise<{ twin: string; artifact: Artifact }>;

  /** Appends a snapshot of what is current, even when nothing changed. */
  snapshot(twin: string, reason: string): Promise<Snapshot>;
  /** Oldest first. */
  snapshots(twin: string): Promise<SnapshotInfo[]>;
  getSnapshot(twin: string, id: number): Promise<Snapshot>;
  /** The twin now, or as of a valid and a known time. */
  current(twin: string, options?: { asOf?: AsOf }): Promise<TwinState>;

  /**
   * Appends a version.
   * @param options.baseVersion - version the change started from, 0 for none
   * @throws MsdtError `store.conflict` somebody else saved in between
   */
  putDocument(
    twin: string,
    name: string,
    content: Json,
    options?: { baseVersion?: number; user?: string },
  ): Promise<DocumentVersion>;
  /** The newest version, or a given one. */
  getDocument(twin: string, name: string, version?: number): Promise<DocumentVersion | undefined>;
  /** Newest version of each document of a twin, without content. */
  listDocuments(twin: string): Promise<Omit<DocumentVersion, 'content'>[]>;

  /** Appends an assessment under the next number of the twin. */
  putAssessment(twin: string, assessment: Assessment, reason: string): Promise<StoredAssessment>;
  /** The newest assessment, or the one of a number; undefined when there is none. */
  getAssessment(twin: string, number?: number): Promise<StoredAssessment | undefined>;
  /** All assessments in short, oldest first. */
  assessments(twin: string): Promise<AssessmentLine[]>;
  /** Of every twin that has one, what likeness needs of the newest assessment. */
  newestAssessments(): Promise<AssessedTwin[]>;
  /** Appends what a person made of a suggestion. @throws MsdtError `parameter.invalid` overridden without a reason */
  putDecision(twin: string, decision: Omit<SuggestionDecision, 'at'>): Promise<SuggestionDecision>;
  /** Oldest first. */
  decisions(twin: string): Promise<SuggestionDecision[]>;
  /** Appends the closed follow-up of a twin. */
  putOutcome(outcome: ClosedOutcome): Promise<void>;
  /** Closed follow-ups of all twins that were assessed in a setting, in the order in which they were told. */
  outcomes(setting: string): Promise<ClosedOutcome[]>;
}

/** What happened at a site beyond any one twin; append-only. */
export interface SiteStore {
  append(kind: string, content: Json): Promise<SiteEvent>;
  /** Newest event of a kind. */
  last(kind: string): Promise<SiteEvent | undefined>;
  get(id: number): Promise<SiteEvent | undefined>;
  /** Oldest first; the newest `limit` of them. */
  list(kind: string, limit?: number): Promise<SiteEvent[]>;
}

export interface SiteEvent {
  id: number;
  kind: string;
  at: string;
  content: Json;
}

/** An assessment as the twin holds it. */
export interface StoredAssessment {
  /** 1 for the first of a twin */
  number: number;
  at: string;
  /** what happened that it was made */
  reason: string;
  snapshot?: number;
  assessment: Assessment;
}

/** A twin with what its newest assessment stood on. */
export interface AssessedTwin {
  twin: string;
  alias: string;
  synthetic: boolean;
  indexDate: string;
  used: SynchronisedFeature[];
  /** expected risk of surgery within twelve months */
  probability: number;
  /** its 90 % interval */
  low: number;
  high: number;
  operatedIn?: 0 | 1 | 2;
}

/** An assessment in short: one point of the risk over time. */
export interface AssessmentLine extends Pick<StoredAssessment, 'number' | 'at' | 'reason'> {
  indexDate: string;
  setting: string;
  settingChosen: boolean;
  state: RiskPrediction['state'];
  modelVersion: number;
  horizons: readonly HorizonRisk[];
  logit: number;
  sdLogit: number;
  /** features that were measured */
  observed: number;
}

/** A channel mapping under the name by which any twin can use it. */
export interface SavedProfile {
  name: string;
  /** 1 for the first save, one more for each that replaced it */
  version: number;
  savedAt: string;
  profile: TableProfile;
}

/** Named mappings of tables, shared by all twins. */
export interface ProfileStore {
  /** By name. */
  list(): Promise<SavedProfile[]>;
  get(name: string): Promise<SavedProfile | undefined>;
  /**
   * Saves a mapping under its name, in place of the one that had it.
   * @param options.baseVersion - version the change started from, 0 for none
   * @throws MsdtError `store.conflict` somebody else saved in between
   */
  put(profile: TableProfile, options?: { baseVersion?: number }): Promise<SavedProfile>;
  /** @throws MsdtError `store.not-found` */
  remove(name: string): Promise<void>;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** One line of a job: a file of an ingest, a capability of a build. */
export interface JobItem {
  item: string;
  status: 'ok' | 'skipped' | 'error' | 'cached' | 'running' | 'waiting';
  message?: string;
  error?: ErrorRecord;
}

export interface Job {
  id: string;
  twin?: string;
  /** `ingest`, `build`, or a capability id */
  kind: string;
  title: string;
  state: JobState;
  /** 0 to 1 */
  progress: number;
  message: string;
  /** what it needs to be started again */
  request: Json;
  /** 1 for the first try */
  attempt: number;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  error?: ErrorRecord;
  items: JobItem[];
}

export interface JobStore {
  create(job: Pick<Job, 'kind' | 'title'> & Partial<Pick<Job, 'twin' | 'request' | 'items'>>): Promise<Job>;
  /**
   * Moves a job on. Allowed: queued → running | cancelled | failed, running → done | failed | cancelled.
   * Progress and items may be written often: they are not waited for on disk.
   * @throws MsdtError `store.conflict` a step that is not allowed
   */
  update(id: string, change: Partial<Pick<Job, 'state' | 'progress' | 'message' | 'items' | 'error'>>): Promise<Job>;
  /** Queues a failed or cancelled job again, as its next attempt. */
  restart(id: string): Promise<Job>;
  /** @throws MsdtError `store.not-found` */
  get(id: string): Promise<Job>;
  /** Newest first. */
  list(filter?: { twin?: string; state?: JobState; limit?: number }): Promise<Job[]>;
}

/** A part of a blob · bytes from `start` to before `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Content-addressed, immutable bytes. */
export interface BlobStore {
  /** Bytes are on disk and synced when this resolves; only then may a row name them. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }>;
  /** Size of a blob, undefined when it is not there. */
  size(sha256: string): Promise<number | undefined>;
  /**
   * @param options.into - where the bytes go (shared memory); a new array when absent
   * @throws MsdtError `store.damaged` the blob is missing or shorter than asked for
   */
  read(sha256: string, options?: { range?: ByteRange; into?: Uint8Array }): Promise<Uint8Array>;
  /** The same in chunks, for sending. */
  stream(sha256: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** True when the bytes on disk still have their hash. */
  verify(sha256: string): Promise<boolean>;
}
