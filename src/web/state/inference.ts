/** What the page asks and tells of inference: assessment, desk (setting, date, answers), decisions, the site's model, cohorts. */

import { useQuery } from '@tanstack/react-query';
import type { WireDecision, WireInferenceDesk, WireSiteModel, WireStoredAssessment } from '../../contract/index.ts';
import { ApiError, call, recordOf } from './client.ts';
import { queryClient } from './queries.ts';
import { toast } from './toasts.ts';
import { noteStep, undo } from './undo.ts';

export const INFERENCE_KEYS = {
  assessment: (twin: string, number?: number) => ['assessment', twin, number ?? 'newest'] as const,
  assessments: (twin: string) => ['assessments', twin] as const,
  desk: (twin: string) => ['inference-desk', twin] as const,
  decisions: (twin: string) => ['decisions', twin] as const,
  knowledge: ['inference-knowledge'] as const,
  model: ['inference-model'] as const,
  site: ['inference-site'] as const,
  cohorts: ['inference-cohorts'] as const,
  like: (twin: string) => ['like-patients', twin] as const,
};

/** The newest assessment of a twin, or the one of a number; none before the first. */
export function useAssessment(twin: string, number?: number) {
  return useQuery({
    queryKey: INFERENCE_KEYS.assessment(twin, number),
    queryFn: ({ signal }) => call('getAssessment', { params: { twin }, query: { number } }, signal),
    // of this twin only: nobody reads the risk of another patient, not for a moment
    placeholderData: (before, query) => (query?.queryKey[1] === twin ? before : undefined),
  });
}

/** The risk over time, oldest first. */
export function useAssessmentLines(twin: string) {
  return useQuery({
    queryKey: INFERENCE_KEYS.assessments(twin),
    queryFn: ({ signal }) => call('listAssessments', { params: { twin } }, signal),
    select: (reply) => reply.assessments,
  });
}

function deskQuery(twin: string) {
  return {
    queryKey: INFERENCE_KEYS.desk(twin),
    queryFn: ({ signal }: { signal: AbortSignal }) => call('getInferenceDesk', { params: { twin } }, signal),
  };
}

export function useInferenceDesk(twin: string) {
  return useQuery(deskQuery(twin));
}

/** What people made of suggestions, oldest first. */
export function useDecisions(twin: string) {
  return useQuery({
    queryKey: INFERENCE_KEYS.decisions(twin),
    queryFn: ({ signal }) => call('listDecisions', { params: { twin } }, signal),
    select: (reply) => reply.decisions,
  });
}

/** Other patients of the site that are like this one, nearest first. */
export function useLikePatients(twin: string) {
  return useQuery({
    queryKey: INFERENCE_KEYS.like(twin),
    queryFn: ({ signal }) => call('patientsLikeThis', { params: { twin } }, signal),
    select: (reply) => reply.patients,
  });
}

/** Dictionary, settings, findings and rules. */
export function useKnowledge() {
  return useQuery({
    queryKey: INFERENCE_KEYS.knowledge,
    queryFn: ({ signal }) => call('getKnowledge', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The site's model of a setting; of the assumed one where none is named. */
export function useSiteModel(setting?: string) {
  return useQuery({
    queryKey: [...INFERENCE_KEYS.model, setting ?? ''],
    queryFn: ({ signal }) => call('getSiteModel', { query: { setting } }, signal),
    placeholderData: (before) => before,
  });
}

/** What the site sets for all its patients. */
export function useSiteSettings() {
  return useQuery({
    queryKey: INFERENCE_KEYS.site,
    queryFn: ({ signal }) => call('getSiteSettings', {}, signal),
  });
}

/** Sets the action band and assesses the open twin against it. @throws ApiError */
export async function saveActionBand(actionBand: [low: number, high: number], twin?: string) {
  const saved = await call('putSiteSettings', { body: { actionBand } });
  queryClient.setQueryData(INFERENCE_KEYS.site, saved);
  if (twin !== undefined) {
    await call('assessTwin', { params: { twin } });
    refreshAssessment(twin);
  }
  return saved;
}

export function useCohorts() {
  return useQuery({
    queryKey: INFERENCE_KEYS.cohorts,
    queryFn: ({ signal }) => call('listCohorts', {}, signal),
    select: (reply) => reply.cohorts,
  });
}

export function useCohort(cohort: number | undefined) {
  return useQuery({
    queryKey: [...INFERENCE_KEYS.cohorts, cohort ?? 0],
    queryFn: ({ signal }) => call('getCohort', { params: { cohort } }, signal),
    enabled: cohort !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks anew for all that an assessment moves. */
export function refreshAssessment(twin: string): void {
  for (const key of [['assessment', twin], INFERENCE_KEYS.assessments(twin), INFERENCE_KEYS.like(twin)])
    void queryClient.invalidateQueries({ queryKey: key });
}

/** Takes over what another window saved; what was chosen here is not. */
async function reloadDesk(twin: string): Promise<void> {
  await queryClient.fetchQuery({ ...deskQuery(twin), staleTime: 0 });
  refreshAssessment(twin);
  toast(
    'Another window has changed setting or answers. They are loaded now; yours was not saved: look, and give it again.',
  );
}

async function save(twin: string, change: (desk: WireInferenceDesk) => WireInferenceDesk): Promise<boolean> {
  const key = INFERENCE_KEYS.desk(twin);
  try {
    const held = await queryClient.ensureQueryData(deskQuery(twin));
    const document = change(held.document);
    const saved = await call('putInferenceDesk', { params: { twin }, body: { baseVersion: held.version, document } });
    queryClient.setQueryData(key, saved);
    refreshAssessment(twin);
    return true;
  } catch (error) {
    const told = error instanceof ApiError && error.status === 409 ? await reloadDesk(twin).catch(same) : error;
    if (told !== undefined) toast('It could not be saved', { error: recordOf(told) });
    return false;
  }
}

const same = (error: unknown): unknown => error;

let saving: Promise<unknown> = Promise.resolve();

/** One save after the other: each needs the version of the one before. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = saving.then(work, work);
  saving = next.catch(() => undefined);
  return next;
}

/**
 * Changes the desk of a twin, assesses anew, and leaves a step to undo.
 *
 * `back` undoes the change in whatever the desk holds by then, so that an undo never takes another window's answers along.
 */
export async function changeDesk(
  twin: string,
  title: string,
  change: (desk: WireInferenceDesk) => WireInferenceDesk,
  back: (desk: WireInferenceDesk) => WireInferenceDesk,
): Promise<boolean> {
  const done = await inTurn(() => save(twin, change));
  if (!done) return false;
  noteStep({
    title,
    undo: async () => void (await inTurn(() => save(twin, back))),
    redo: async () => void (await inTurn(() => save(twin, change))),
  });
  toast(`${title}.`, { action: { name: 'Undo', run: () => void undo() } });
  return true;
}

/** Logs what a person makes of a suggestion. A later decision stands beside the earlier one, which stays. */
export async function decide(
  twin: string,
  body: Pick<WireDecision, 'suggestion' | 'decision' | 'reason' | 'user' | 'assessment'>,
): Promise<boolean> {
  try {
    const made = await call('decideSuggestion', { params: { twin }, body });
    queryClient.setQueryData<{ decisions: WireDecision[] }>(INFERENCE_KEYS.decisions(twin), (before) => ({
      decisions: [...(before?.decisions ?? []), made],
    }));
    return true;
  } catch (error) {
    toast('The decision could not be logged', { error: recordOf(error) });
    return false;
  }
}

/** Takes over a model that the server has just changed. */
export function takeSiteModel(model: WireSiteModel): void {
  queryClient.setQueryData([...INFERENCE_KEYS.model, model.setting], model);
  void queryClient.invalidateQueries({ queryKey: INFERENCE_KEYS.model });
  void queryClient.invalidateQueries({ queryKey: ['assessment'] });
  void queryClient.invalidateQueries({ queryKey: ['assessments'] });
}

export type StoredAssessment = WireStoredAssessment;
