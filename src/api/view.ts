/** The twin as a screen gets it. */

import type { TwinView } from '../contract/index.ts';
import type { Engine, Plan } from '../runtime/index.ts';
import type { AsOf } from '../twin/index.ts';

/** The twin now or as of a moment, with what the planner would do. */
export async function twinView(engine: Engine, twin: string, asOf: AsOf): Promise<TwinView> {
  const [{ state, plan }, snapshots, jobs] = await Promise.all([
    engine.view(twin, asOf),
    engine.store.twins.snapshots(twin),
    engine.jobs.list(twin),
  ]);
  const busy = new Set(
    jobs
      .filter((job) => job.state === 'running')
      .flatMap((job) => job.items.filter((item) => item.status === 'running').map((item) => item.item.split(' · ')[0])),
  );
  return {
    twin: state.twin,
    asOf: { known: asOf.knownAt, valid: asOf.validAt },
    snapshot: state.snapshot && {
      id: state.snapshot.id,
      twin: state.snapshot.twin,
      at: state.snapshot.at,
      reason: state.snapshot.reason,
    },
    snapshots,
    acquisitions: state.acquisitions,
    artifacts: state.artifacts,
    features: state.features,
    plan: stepsOf(plan, busy),
    quality: state.runs.flatMap((run) => run.quality),
  } as TwinView;
}

function stepsOf(plan: Plan, busy: ReadonlySet<string>): TwinView['plan'] {
  const steps: TwinView['plan'] = plan.runs.map(({ capability, state, reason }) => ({
    capability: capability.id,
    state: busy.has(capability.title) ? ('running' as const) : state,
    reason,
  }));
  for (const { capability, reason } of plan.blocked)
    steps.push({ capability: capability.id, state: 'blocked', reason });
  return steps;
}
