/** Builds a twin: plans, runs what is not fresh in worker threads, records each result, plans again until nothing is left. */

import { isMsdtError, type ParamValues, toErrorRecord } from '../../model/index.ts';
import { assembleRun, type StoredArtifact, seedOfRun, type TwinState } from '../../twin/index.ts';
import type { EngineParts } from '../engine.ts';
import type { JobHandle } from '../jobs.ts';
import { SOFTWARE } from '../software.ts';
import { planTwin } from './plan-twin.ts';
import { type PlannedRun, type PlanRequest, unfed } from './planner.ts';

/** Runs of one slot in one build beyond which its inputs are taken to run in a ring. */
const MOST_RUNS_OF_A_SLOT = 4;

/** Keys of runs that failed in this build; they are not tried again until something changes. */
type Failed = Set<string>;

/**
 * Brings a twin up to date.
 * @param request - one capability to run with chosen inputs and parameters first; what follows from it is made again
 */
export async function buildTwin(
  parts: EngineParts,
  twin: string,
  request: PlanRequest | undefined,
  handle: JobHandle,
): Promise<void> {
  const failed: Failed = new Set();
  if (request) await runRequested(parts, twin, request, handle, failed);
  const made = new Map<string, number>();
  const isUnsettled = ({ slot }: PlannedRun) => (made.get(slot) ?? 0) >= MOST_RUNS_OF_A_SLOT;
  const total = { done: 0, known: 1 };
  for (;;) {
    handle.signal.throwIfAborted();
    const state = await parts.store.twins.current(twin);
    const due = planTwin(parts.capabilities, state).runs.filter(
      (run) => run.state !== 'fresh' && !failed.has(run.key) && !isUnsettled(run),
    );
    if (due.length === 0) break;
    total.known = total.done + due.length;
    const wave = unfed(due, (run) => run.capability).slice(0, parts.pool.size);
    for (const { slot } of wave) made.set(slot, (made.get(slot) ?? 0) + 1);
    const fractions = wave.map(() => 0);
    await Promise.all(
      wave.map(async (run, at) => {
        const progress = (fraction: number, message?: string): void => {
          fractions[at] = fraction;
          const sum = fractions.reduce((a, b) => a + b, 0);
          handle.progress((total.done + sum) / total.known, `${run.capability.title}${message ? `: ${message}` : ''}`);
        };
        await runOne(parts, twin, state, run, { ...handle, progress }, failed);
      }),
    );
    total.done += wave.length;
  }
  handle.progress(1, failed.size ? `${failed.size} steps failed` : 'The twin is up to date');
}

async function runRequested(
  parts: EngineParts,
  twin: string,
  request: PlanRequest,
  handle: JobHandle,
  failed: Failed,
): Promise<void> {
  const state = await parts.store.twins.current(twin);
  const plan = planTwin(parts.capabilities, state, request);
  for (const { capability, reason } of plan.blocked)
    handle.item({ item: capability.title, status: 'skipped', message: reason });
  for (const run of plan.runs) await runOne(parts, twin, state, run, handle, failed);
}

async function runOne(
  parts: EngineParts,
  twin: string,
  state: TwinState,
  run: PlannedRun,
  handle: JobHandle,
  failed: Failed,
): Promise<void> {
  const item = itemName(run, state);
  try {
    if (await parts.store.twins.findRun(twin, run.key)) {
      const { snapshot } = await parts.store.twins.activateRun(twin, run.key, {
        slot: run.slot,
        reason: `${run.capability.title} (known result)`,
      });
      handle.item({ item, status: 'cached', message: 'known result taken up again' });
      parts.bus.publish({ type: 'snapshot', twin, snapshot });
      return;
    }
    handle.item({ item, status: 'running' });
    const record = await compute(parts, state, run, handle);
    const { snapshot } = await parts.store.twins.putRun(twin, record, run.capability.title);
    handle.item({
      item,
      status: 'ok',
      message: `${record.artifacts.length} artifacts, ${record.features.length} features`,
    });
    parts.bus.publish({ type: 'snapshot', twin, snapshot });
  } catch (error) {
    if (handle.signal.aborted || isMsdtError(error, 'job.cancelled')) throw error;
    failed.add(run.key);
    const record = toErrorRecord(error);
    handle.item({ item, status: 'error', message: record.message, error: record });
  }
}

async function compute(parts: EngineParts, state: TwinState, run: PlannedRun, handle: JobHandle) {
  const byId = new Map(state.artifacts.map((artifact) => [artifact.id, artifact]));
  const inputs: Record<string, StoredArtifact[]> = {};
  const frames: Record<string, string> = {};
  for (const [role, ids] of Object.entries(run.inputs)) {
    inputs[role] = ids.flatMap((id) => byId.get(id) ?? []);
    for (const artifact of inputs[role]) if (artifact.frameOfReference) frames[artifact.id] = artifact.frameOfReference;
  }
  const params: ParamValues = run.params;
  const result = await parts.pool.run(
    { type: 'run', capability: run.capability.id, inputs, frames, params, seed: seedOfRun(run.key) },
    handle,
  );
  return assembleRun({
    capability: run.capability.id,
    version: run.capability.version,
    params: result.params,
    software: SOFTWARE,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
    outputs: result.outputs,
    quality: result.quality,
    slot: run.slot,
    inputs,
    features: result.features,
    definitions: run.capability.features,
  });
}

/** Capability and what it is about, as a line of the job; of several things of one name, such as two sessions' sensors, which. */
function itemName(run: PlannedRun, state: TwinState): string {
  const first = Object.values(run.inputs)[0]?.[0];
  const source = state.artifacts.find((artifact) => artifact.id === first);
  if (!source) return run.capability.title;
  const alike = state.artifacts.some(({ id, name }) => name === source.name && id !== source.id);
  const { clock } = source.summary;
  const which = alike && typeof clock === 'string' ? ` (${clock})` : '';
  return `${run.capability.title} · ${source.name}${which}`;
}
