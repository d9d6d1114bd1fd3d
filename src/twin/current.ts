/**
 * What is current: newest per slot, without what is retracted or replaced.
 *
 * A run supersedes the run that stood in its slot as a whole, so nothing of an older result (a level that a corrected
 * label map no longer has) stays behind. Superseded runs are never deleted: older snapshots still name them.
 */

/** A run as far as this decision needs it. */
export interface StandingRun {
  key: string;
  slot: string;
  /** acquisitions it descends from */
  acquisitions: readonly string[];
  artifacts: readonly string[];
  features: readonly string[];
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
 * The current set of a twin.
 * @param activated - runs in the order in which they were written or taken up again; the same run may come twice
 * @param retracted - acquisitions that do not count any more; what descends from them leaves with them
 */
export function currentSet(activated: readonly StandingRun[], retracted: ReadonlySet<string>): CurrentSet {
  const standing = new Map<string, StandingRun>();
  for (const run of activated) {
    standing.delete(run.slot);
    standing.set(run.slot, run);
  }
  const runs = [...standing.values()].filter((run) => !run.acquisitions.some((id) => retracted.has(id)));
  const replaced = new Set(runs.flatMap((run) => run.replaces));
  return {
    runs: runs.map((run) => run.key),
    artifacts: [...new Set(runs.flatMap((run) => run.artifacts))].filter((id) => !replaced.has(id)),
    features: [...new Set(runs.flatMap((run) => run.features))],
  };
}

/** True when two sets name the same things, whatever their order. */
export function sameSet(
  a: Pick<CurrentSet, 'artifacts' | 'features'>,
  b: Pick<CurrentSet, 'artifacts' | 'features'>,
): boolean {
  return sameIds(a.artifacts, b.artifacts) && sameIds(a.features, b.features);
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const known = new Set(a);
  return b.every((id) => known.has(id));
}
