/** Plans a twin as the store holds it. */

import type { AnyCapability } from '../../model/index.ts';
import { runKey, type TwinState } from '../../twin/index.ts';
import { type Plan, type PlanRequest, planRuns } from './planner.ts';

/** What can run on a twin and what is stale; with a request, how that one capability would run. */
export function planTwin(capabilities: readonly AnyCapability[], state: TwinState, request?: PlanRequest): Plan {
  const { acquisitions, artifacts, runs } = state;
  return planRuns({ capabilities, acquisitions, artifacts, active: runs, keyOf: runKey }, request);
}
