/** The inference engine at work on the twins of a data folder: assesses, remembers, learns. All it writes is append-only. */

import {
  type ActionBand,
  type Answer,
  type Assessment,
  type ClinicalRecord,
  type CohortFigures,
  type InferenceEngine,
  type LikePatient,
  MsdtError,
  type SiteModelState,
  type SuggestionDecision,
} from '../model/index.ts';
import { type AssessedTwin, canonicalJson, type Json, type StoredAssessment, type TwinState } from '../twin/index.ts';
import type { EngineParts } from './engine.ts';
import { createPayloadCache } from './payloads.ts';
import type { CohortTask } from './worker-protocol.ts';

/** Name of the document that holds what people say beside the data. */
const DESK = 'inference';
const SITE_MODEL = 'site-model:';
const COHORT = 'cohort';
const ACTION_BAND = 'action-band';
const FOLLOW_UP_MS = 365 * 86_400_000;
const DAY_MS = 86_400_000;

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

/** Opens the inference engine over the parts of a runtime. */
export function openInference(parts: EngineParts): InferenceDoor {
  const { store, bus, catalogue, jobs, pool } = parts;
  const payloads = createPayloadCache(store.blobDir);
  const engine = () => catalogue.inference.load();
  /** changes of a site's model read it first */
  const inTurn = queue();
  const once = sharing<StoredAssessment>();

  const desk = async (twin: string): Promise<DeskVersion> => {
    await store.twins.getTwin(twin);
    const saved = await store.twins.getDocument(twin, DESK);
    if (!saved) return { version: 0, document: { schemaVersion: 1, answers: [] } };
    return { version: saved.version, savedAt: saved.savedAt, document: saved.content as unknown as InferenceDesk };
  };

  const siteModel = async (setting?: string): Promise<SiteModelState | undefined> => {
    const id = setting ?? (await engine()).assumedSetting;
    const last = await store.site.last(`${SITE_MODEL}${id}`);
    return last?.content as unknown as SiteModelState | undefined;
  };

  const keepSiteModel = async (state: SiteModelState): Promise<SiteModelState> => {
    await store.site.append(`${SITE_MODEL}${state.setting}`, state as unknown as Json);
    return state;
  };

  const openSiteModel = async (setting?: string): Promise<SiteModelState> => {
    const known = await siteModel(setting);
    if (known) return known;
    const { site, assumedSetting } = await engine();
    return site.open(setting ?? assumedSetting, new Date().toISOString());
  };

  const siteSettings = async (): Promise<SiteSettings> => {
    const set = (await store.site.last(ACTION_BAND))?.content as unknown as { band: ActionBand } | undefined;
    return { actionBand: set?.band ?? (await engine()).assumedBand, actionBandChosen: set !== undefined };
  };

  const assessState = async (state: TwinState, document?: InferenceDesk): Promise<Assessment> => {
    const { setting, indexDate, answers } = document ?? (await desk(state.twin.id)).document;
    const records = await Promise.all(
      state.artifacts
        .filter(({ kind }) => kind === 'record.clinical')
        .map(async (artifact) => ({
          artifact: artifact.id,
          record: (await payloads.load(artifact)) as ClinicalRecord,
        })),
    );
    const { acquisitions, features, twin } = state;
    const synthetic = twin.synthetic || acquisitions.some((one) => one.synthetic);
    const about = { twin: twin.id, at: new Date().toISOString(), setting, indexDate, answers, synthetic };
    const acquisitionOf = Object.fromEntries(
      state.artifacts.flatMap(({ id, acquisition }) => (acquisition ? [[id, acquisition]] : [])),
    );
    const { actionBand } = await siteSettings();
    const input = { ...about, features, acquisitions, acquisitionOf, records, actionBand };
    return (await engine()).assess(input, await siteModel(setting));
  };

  const assess = async (twin: string, reason: string): Promise<StoredAssessment> => {
    const assessment = await assessState(await store.twins.current(twin));
    const newest = await store.twins.getAssessment(twin);
    if (newest && sameJson(newest.assessment, assessment)) return newest;
    const stored = await store.twins.putAssessment(twin, assessment, reason);
    bus.publish({ type: 'assessment', twin, number: stored.number });
    return stored;
  };

  /** What has happened to the model, or to the band it is read against, since an assessment, as the reason of the next; undefined: nothing. */
  const modelMoved = async ({ assessment }: StoredAssessment): Promise<string | undefined> => {
    const { risk, actionBand } = assessment;
    const band = (await siteSettings()).actionBand;
    if (actionBand?.some((edge, at) => edge !== band[at])) return 'Action band of the site changed';
    // it may have been mended; an assessment that says the same is not written again
    if (risk.state === 'failed') return 'Model evaluated again';
    const site = await siteModel(risk.setting.id);
    if (!site) return undefined;
    if (site.suspended) return risk.state === 'suspended' ? undefined : 'Model suspended by drift';
    const same = risk.state !== 'suspended' && risk.model.version === site.active;
    return same ? undefined : `Version ${site.active} of the model in use`;
  };

  const newestOf = async (twin: string): Promise<StoredAssessment> => {
    const found = await store.twins.getAssessment(twin);
    const reason = found ? await modelMoved(found) : 'First look';
    return found && reason === undefined ? found : assess(twin, reason ?? '');
  };

  const get = async (twin: string, number?: number): Promise<StoredAssessment> => {
    if (number === undefined) return once(twin, () => newestOf(twin));
    const found = await store.twins.getAssessment(twin, number);
    if (found) return found;
    throw new MsdtError('store.not-found', `There is no assessment ${number} of this twin`, {
      hint: 'GET /api/twins/:twin/assessments lists them.',
    });
  };

  return {
    engine,
    assess,
    get,
    assessState,
    async like(twin, count) {
      const { assessment } = await get(twin);
      const all = await store.twins.newestAssessments();
      const others = all.filter((other) => other.twin !== twin && other.synthetic === assessment.synthetic);
      const near = (await engine()).patientsLikeThis(assessment.used, others, count);
      return near.flatMap((one) => {
        const found = others.find((other) => other.twin === one.twin);
        if (!found) return [];
        const { used: _, ...about } = found;
        return [{ ...about, ...one }];
      });
    },
    desk,
    async saveDesk(twin, document, baseVersion) {
      const before = (await desk(twin)).document;
      // what the engine refuses is never kept
      await assessState(await store.twins.current(twin), document);
      const saved = await store.twins.putDocument(twin, DESK, document as unknown as Json, { baseVersion });
      await assess(twin, changeOf(before, document));
      return { version: saved.version, savedAt: saved.savedAt, document };
    },
    async decide(twin, decision) {
      const { number, assessment } = await get(twin, decision.assessment);
      const suggestion = assessment.suggestions.find(({ id }) => id === decision.suggestion);
      if (!suggestion)
        throw new MsdtError('store.not-found', `Assessment ${number} has no suggestion "${decision.suggestion}"`, {
          hint: 'Load the newest assessment and decide on what it suggests.',
        });
      return store.twins.putDecision(twin, { ...decision, rule: suggestion.rule, assessment: number });
    },
    closeFollowUp: (twin, operatedIn, closedAt) =>
      inTurn(async () => {
        const told = await toldBefore(parts, twin, closedAt);
        await expectOpen(parts, twin, told);
        const { risk, indexDate, used } = told.assessment;
        const setting = risk.setting.id;
        const predicted = risk.horizons[0].expected;
        const outcome = { twin, setting, indexDate, closedAt, predicted, operatedIn, used };
        const state = await openSiteModel(setting);
        await store.twins.putOutcome(outcome);
        return keepSiteModel((await engine()).site.record(state, outcome, new Date().toISOString()));
      }),
    siteSettings,
    async setActionBand(band) {
      const [low, high] = band;
      if (!(0 < low && low < high && high < 1))
        throw new MsdtError('parameter.invalid', 'An action band is two risks, the lower one first', {
          detail: `${low} to ${high}`,
          hint: 'Give them between 0 and 1, such as 0.1 and 0.3 for 10 to 30 %.',
        });
      await store.site.append(ACTION_BAND, { band: [low, high] });
      return siteSettings();
    },
    siteModel: openSiteModel,
    updateSiteModel: (setting) =>
      inTurn(async () => {
        const state = await openSiteModel(setting);
        const outcomes = await store.twins.outcomes(state.setting);
        return keepSiteModel((await engine()).site.update(state, outcomes, new Date().toISOString()));
      }),
    rollBackSiteModel: (version, reason, setting) =>
      inTurn(async () => {
        const state = await openSiteModel(setting);
        return keepSiteModel((await engine()).site.rollBack(state, version, new Date().toISOString(), reason));
      }),
    async scoreCohort(name, work) {
      const title = work.kind === 'simulate' ? `Score ${work.patients} SYNTHETIC patients` : `Evaluate ${name}`;
      return jobs.start({ kind: 'cohort', title }, async (handle) => {
        const figures = await pool.run({ type: 'cohort', work }, handle);
        const { id } = await store.site.append(COHORT, { name, ...figures } as unknown as Json);
        handle.item({ item: name, status: 'ok', message: `cohort ${id}` });
      });
    },
    cohorts: async () => (await store.site.list(COHORT)).reverse().map(cohortOf),
    async cohort(id) {
      const event = await store.site.get(id);
      if (event?.kind === COHORT) return cohortOf(event);
      throw new MsdtError('store.not-found', `There is no cohort ${id}`, {
        hint: 'GET /api/inference/cohorts lists them.',
      });
    },
  };
}

function cohortOf({ id, at, content }: { id: number; at: string; content: Json }): StoredCohort {
  return { ...(content as unknown as CohortFigures & { name: string }), id, at };
}

/** The newest assessment whose twelve months were over when follow-up closed. */
async function toldBefore({ store }: EngineParts, twin: string, closedAt: string): Promise<StoredAssessment> {
  const latest = Date.parse(closedAt) - FOLLOW_UP_MS + DAY_MS;
  const line = (await store.twins.assessments(twin)).findLast(({ indexDate }) => Date.parse(indexDate) <= latest);
  const told = line && (await store.twins.getAssessment(twin, line.number));
  if (told) return told;
  throw new MsdtError('parameter.invalid', 'No risk was told twelve months before follow-up closed', {
    detail: `follow-up closed ${closedAt}`,
    hint: 'Outcomes count when their twelve months are over, operated or not: those known early would bias the model.',
  });
}

/** @throws MsdtError `parameter.invalid` · `store.conflict` this outcome must not, or no longer, count */
async function expectOpen({ store }: EngineParts, twin: string, { assessment }: StoredAssessment): Promise<void> {
  if (assessment.synthetic)
    throw new MsdtError('parameter.invalid', 'The follow-up of a SYNTHETIC patient cannot be closed', {
      hint: 'A site’s model learns from patients only. Generated cohorts are scored under Cohort.',
    });
  const closed = await store.twins.outcomes(assessment.risk.setting.id);
  if (closed.some((outcome) => outcome.twin === twin))
    throw new MsdtError('store.conflict', 'The follow-up of this patient is closed already', {
      hint: 'An outcome counts once and stays.',
    });
}

/** Works that must not overtake each other: each begins when the one before has ended. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Two who ask for the same at the same time get the same answer. */
function sharing<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = running.get(key);
    if (known) return known;
    const started = work().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}

/** What changed on the desk, as the reason of an assessment. */
function changeOf(before: InferenceDesk, after: InferenceDesk): string {
  if (before.setting !== after.setting) return 'Setting chosen';
  if (before.indexDate !== after.indexDate) return 'Index date changed';
  return after.answers.length < before.answers.length ? 'Answer taken back' : 'Answer given';
}

function sameJson(a: Assessment, b: Assessment): boolean {
  const plain = (value: Assessment) => canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
  return plain(a) === plain(b);
}
