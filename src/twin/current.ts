/**
 * What is current: newest per slot, without what is retracted or replaced.
 *
 * A run supersedes the run that stood in its slot as a whole, so nothing of an older result (a level that a corrected
 * label map no longer has) stays behind. Superseded runs are never deleted: older snapshots still name them.
 */

/** A run taking its place in the twin: when it is written, and again when it is taken up after another one. */
export interface Activation {
  key: string;
  /** place in the twin; may be named differently by a later version of the planner */
  slot: string;
  /** acquisitions the run descends from */
  acquisitions: readonly string[];
}

/** A run that stands in its slot, with what it made. */
export interface StandingRun extends Activation {
  artifacts: readonly string[];
  features: readonly string[];
  /** artifacts of other runs that it stands in for */
  replaces: readonly string[];
}

/** What a snapshot names. */
export interface CurrentSet {
  /** keys of the runs that stand in their slots, oldest activation first */
  runs: string[];
  artifacts: string[];
  features: string[];
}

/**
 * The activations that stand: the last of each slot, each run in one slot only.
 * @param activated - in the order in which they happened
 * @param retracted - acquisitions that do not count any more; what descends from them leaves with them
 */
export function standingRuns<T extends Activation>(activated: readonly T[], retracted: ReadonlySet<string>): T[] {
  const standing = new Map<string, T>();
  const slotOf = new Map<string, string>();
  for (const run of activated) {
    const before = slotOf.get(run.key);
    if (before !== undefined && standing.get(before)?.key === run.key) standing.delete(before);
    standing.delete(run.slot);
    standing.set(run.slot, run);
    slotOf.set(run.key, run.slot);
  }
  return [...standing.values()].filter((run) => !run.acquisitions.some((id) => retracted.has(id)));
}

/** What standing runs make current: their products, without the artifacts that one of them replaces. */
export function currentSet(standing: readonly StandingRun[]): CurrentSet {
  const replaced = new Set(standing.flatMap((run) => run.replaces));
  return {
    runs: standing.map((run) => run.key),
    artifacts: [...new Set(standing.flatMap((run) => run.artifacts))].filter((id) => !replaced.has(id)),
    features: [...new Set(standing.flatMap((run) => run.features))],
  };
}

/** True when two sets name the same things, whatever their order; a run that made nothing counts too. */
export function sameSet(a: CurrentSet, b: CurrentSet): boolean {
  return sameIds(a.runs, b.runs) && sameIds(a.artifacts, b.artifacts) && sameIds(a.features, b.features);
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const known = new Set(a);
  return b.every((id) => known.has(id));
}
