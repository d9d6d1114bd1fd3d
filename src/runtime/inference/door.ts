/** What the faces ask of the inference engine at work, and what is kept beside the data. */

import type {
  ActionBand,
  Answer,
  Assessment,
  CohortFigures,
  InferenceEngine,
  LikePatient,
  SiteModelState,
  SuggestionDecision,
} from '../../model/index.ts';
import type { AssessedTwin, StoredAssessment, TwinState } from '../../twin/index.ts';
import type { CohortTask } from '../workers/worker-protocol.ts';

/** What people say beside the data: setting, index date, answers to asks. */
export interface InferenceDesk {
  schemaVersion: 1;
  setting?: string;
  indexDate?: string;
  answers: Answer[];
}

export interface DeskVersion {
  /** 0 before the first save */
  version: number;
  savedAt?: string;
  document: InferenceDesk;
}

/** What a site sets for all its patients. */
export interface SiteSettings {
  /** risks within twelve months that rules read a risk against · 0 to 1 */
  actionBand: ActionBand;
  /** false: nobody has set it, the engine's own is taken */
  actionBandChosen: boolean;
}

export interface StoredCohort extends CohortFigures {
  id: number;
  at: string;
  name: string;
}

/** What a face asks of the inference engine. */
export interface InferenceDoor {
  engine(): Promise<InferenceEngine>;
  /** Assesses anew; the newest assessment again where nothing has changed. */
  assess(twin: string, reason: string): Promise<StoredAssessment>;
  /**
   * The newest assessment, or the one of a number. Made now where there is none yet, and where the site's model or action band has changed since: nobody
   * reads a number of a model that has been suspended or replaced.
   * @throws MsdtError `store.not-found`
   */
  get(twin: string, number?: number): Promise<StoredAssessment>;
  /** The assessment of a state as of some time, without writing it down. */
  assessState(state: TwinState, desk?: InferenceDesk): Promise<Assessment>;
  /** Other patients of the site like this one; real ones among real ones, generated ones among generated ones. */
  like(twin: string, count: number): Promise<(LikePatient & Omit<AssessedTwin, 'used'>)[]>;
  desk(twin: string): Promise<DeskVersion>;
  /** Saves and assesses anew. @throws MsdtError `store.conflict` */
  saveDesk(twin: string, document: InferenceDesk, baseVersion: number): Promise<DeskVersion>;
  /** @throws MsdtError `store.not-found` no such suggestion in the assessment · `parameter.invalid` overridden without a reason */
  decide(twin: string, decision: Omit<SuggestionDecision, 'at' | 'rule'>): Promise<SuggestionDecision>;
  /**
   * Closes the follow-up of a twin, once.
   * @throws MsdtError `parameter.invalid` nothing was told twelve months before, or the twin is synthetic · `store.conflict` closed already
   */
  closeFollowUp(twin: string, operatedIn: 0 | 1 | 2, closedAt: string): Promise<SiteModelState>;
  siteSettings(): Promise<SiteSettings>;
  /** Counts from the next assessment on. @throws MsdtError `parameter.invalid` not two rising probabilities */
  setActionBand(band: ActionBand): Promise<SiteSettings>;
  siteModel(setting?: string): Promise<SiteModelState>;
  updateSiteModel(setting?: string): Promise<SiteModelState>;
  rollBackSiteModel(version: number, reason: string, setting?: string): Promise<SiteModelState>;
  /** Scores a cohort in a worker; the result is kept. @returns the job */
  scoreCohort(name: string, work: CohortTask['work']): Promise<{ id: string }>;
  cohorts(): Promise<StoredCohort[]>;
  /** @throws MsdtError `store.not-found` */
  cohort(id: number): Promise<StoredCohort>;
}
