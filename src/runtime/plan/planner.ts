/**
 * Which capabilities can run on a twin, on what, and which of them are stale.
 *
 * The twin is an incremental build: a binding is fresh when the run that stands in its slot was made by the same
 * capability version with the same parameters from the same inputs. Pure: artifacts in, steps out.
 */

import {
  type Acquisition,
  type AnyCapability,
  type Artifact,
  kindMatches,
  type ParamValues,
  type ParsedInputSpec,
  parseInputSpec,
  resolveParams,
} from '../../model/index.ts';

/** A run that stands in a slot of the twin now. */
export interface ActiveRun {
  /** key of the run: same key, same result */
  key: string;
  slot: string;
  capability: string;
  params: ParamValues;
}

export interface PlanWorld {
  capabilities: readonly AnyCapability[];
  acquisitions: readonly Acquisition[];
  /** current artifacts only */
  artifacts: readonly Artifact[];
  active: readonly ActiveRun[];
  /** hash of capability, version, parameters and inputs */
  keyOf(run: { capability: string; version: number; params: ParamValues; inputs: Record<string, string[]> }): string;
}

/** One capability bound to artifacts of one coordinate group. */
export interface PlannedRun {
  capability: AnyCapability;
  /** place in the twin that the result will stand in; a newer result in the same slot supersedes */
  slot: string;
  inputs: Record<string, string[]>;
  params: ParamValues;
  key: string;
  state: 'fresh' | 'stale' | 'ready';
  reason: string;
}

export interface BlockedCapability {
  capability: AnyCapability;
  reason: string;
}

export interface Plan {
  /** in an order in which every run comes after those whose outputs it takes */
  runs: PlannedRun[];
  blocked: BlockedCapability[];
}

/** Parameters a user chose for this run, over what stands in the slot or the defaults. */
export interface PlanRequest {
  capability: string;
  params?: ParamValues;
  inputs?: Record<string, string[]>;
}

/** Plans every automatic capability, or the one that is asked for. */
export function planRuns(world: PlanWorld, request?: PlanRequest): Plan {
  const plan: Plan = { runs: [], blocked: [] };
  for (const capability of inBuildOrder(world.capabilities)) {
    if (request ? capability.id !== request.capability : capability.automatic === false) continue;
    const open = { ...world, artifacts: notDescendedFrom(capability, world.artifacts) };
    const bindings = bindCapability(capability, open, request?.inputs);
    if (bindings.length === 0) plan.blocked.push({ capability, reason: whyBlocked(capability, world) });
    for (const inputs of bindings) plan.runs.push(planBinding(capability, inputs, world, request?.params));
  }
  return plan;
}

function planBinding(
  capability: AnyCapability,
  inputs: Record<string, string[]>,
  world: PlanWorld,
  chosen?: ParamValues,
): PlannedRun {
  const slot = slotOf(capability, inputs, world);
  const standing = world.active.find((run) => run.slot === slot);
  const kept = Object.fromEntries(Object.entries(standing?.params ?? {}).filter(([name]) => name in capability.params));
  const params = resolveParams(capability.params, { ...kept, ...chosen });
  const key = world.keyOf({ capability: capability.id, version: capability.version, params, inputs });
  if (!standing) return { capability, slot, inputs, params, key, state: 'ready', reason: 'not made yet' };
  const fresh = standing.key === key;
  return {
    capability,
    slot,
    inputs,
    params,
    key,
    state: fresh ? 'fresh' : 'stale',
    reason: fresh ? 'up to date' : 'its inputs, parameters or method changed',
  };
}

/** Capability and what it is about: the acquisition of its first input, and the level or name where several share one. */
function slotOf(capability: AnyCapability, inputs: Record<string, string[]>, world: PlanWorld): string {
  const [primaryRole, text] = Object.entries(capability.inputs)[0];
  const primary = world.artifacts.find((artifact) => artifact.id === inputs[primaryRole]?.[0]);
  if (!primary) return capability.id;
  if (parseInputSpec(text).list) return [capability.id, groupOf(primary, world), gridOf(primary)].join('|');
  return [capability.id, primary.acquisition ?? '', primary.kind, primary.name].join('|');
}

/** Every way to bind a capability's inputs: one per candidate of its first input, the others chosen near it. */
function bindCapability(
  capability: AnyCapability,
  world: PlanWorld,
  given: Record<string, string[]> = {},
): Record<string, string[]>[] {
  const roles = Object.entries(capability.inputs).map(([role, text]) => ({ role, spec: parseInputSpec(text) }));
  const [first, ...others] = roles;
  const firsts = given[first.role] ? [given[first.role]] : candidatesOfFirst(first.spec, world);
  const bindings: Record<string, string[]>[] = [];
  for (const ids of firsts) {
    const primary = world.artifacts.find((artifact) => artifact.id === ids[0]);
    if (!primary) continue;
    const binding: Record<string, string[]> = { [first.role]: ids };
    const complete = others.every(({ role, spec }) => {
      const chosen = given[role] ?? chooseNear(primary, spec, world);
      if (chosen.length) binding[role] = chosen;
      return chosen.length > 0 || spec.optional;
    });
    if (complete) bindings.push(binding);
  }
  return bindings;
}

function candidatesOfFirst(spec: ParsedInputSpec, world: PlanWorld): string[][] {
  const fitting = world.artifacts.filter((artifact) => fits(artifact, spec));
  if (!spec.list) return fitting.map((artifact) => [artifact.id]);
  const groups = new Map<string, string[]>();
  for (const artifact of fitting) {
    const key = `${groupOf(artifact, world)}|${gridOf(artifact)}`;
    groups.set(key, [...(groups.get(key) ?? []), artifact.id]);
  }
  return [...groups.values()].map((ids) => ids.sort());
}

/** Patterns so wide that a list of them means all recordings of a session. */
const WIDE = /\.\*$|^sequence\.points$|^events$/;

/**
 * Whether an artifact can fill a role. A wide list takes what came in, not what was made of it; markers that were computed, like the
 * path of a middle, sit on no body and fill none.
 */
function fits({ kind, provenance }: Artifact, { pattern, list }: ParsedInputSpec): boolean {
  const made = provenance.capability !== 'import';
  return kindMatches(kind, pattern) && !(made && (kind === 'sequence.markers' || (list && WIDE.test(pattern))));
}

/** Artifacts of the wanted kind that share coordinates or session with the primary: same acquisition first, then same grid, then newest. */
function chooseNear(primary: Artifact, spec: ParsedInputSpec, world: PlanWorld): string[] {
  const group = groupOf(primary, world);
  const near = world.artifacts
    .filter((artifact) => artifact.id !== primary.id && fits(artifact, spec) && groupOf(artifact, world) === group)
    .map((artifact) => ({
      artifact,
      rank: Number(artifact.acquisition === primary.acquisition) * 2 + Number(gridOf(artifact) === gridOf(primary)),
    }))
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        b.artifact.provenance.startedAt.localeCompare(a.artifact.provenance.startedAt) ||
        a.artifact.id.localeCompare(b.artifact.id),
    )
    .map(({ artifact }) => artifact.id);
  return spec.list ? near.sort() : near.slice(0, 1);
}

/** Artifacts with equal groups share a coordinate system, or the session they were recorded in. */
function groupOf(artifact: Artifact, world: PlanWorld): string {
  const acquisition = world.acquisitions.find((candidate) => candidate.id === artifact.acquisition);
  return acquisition?.frameOfReference ?? artifact.acquisition ?? '';
}

function gridOf(artifact: Artifact): string {
  return String(artifact.summary.grid ?? '');
}

function whyBlocked(capability: AnyCapability, world: PlanWorld): string {
  const missing = Object.entries(capability.inputs)
    .map(([role, text]) => ({ role, spec: parseInputSpec(text) }))
    .filter(
      ({ spec }) => !spec.optional && !world.artifacts.some((artifact) => kindMatches(artifact.kind, spec.pattern)),
    )
    .map(({ role, spec }) => `${role} (${spec.pattern})`);
  return missing.length ? `needs ${missing.join(' and ')}` : 'its inputs do not share a coordinate system';
}

/**
 * Sorts capabilities so that makers of a kind stand before its takers; ties keep the catalogue's order. Where they feed each
 * other in a ring, a capability that can do without goes first.
 */
export function inBuildOrder(capabilities: readonly AnyCapability[]): AnyCapability[] {
  const done: AnyCapability[] = [];
  const open = [...capabilities];
  while (open.length) done.push(...open.splice(open.indexOf(unfed(open, (capability) => capability)[0]), 1));
  return done;
}

/**
 * Those that none of the others feeds; in a ring those that can do without what they are fed; at least one.
 * @param capabilityOf - of an item
 */
export function unfed<T>(items: readonly T[], capabilityOf: (item: T) => AnyCapability): T[] {
  for (const needed of [false, true]) {
    const free = items.filter((item) => {
      const taker = capabilityOf(item);
      return !items.some((other) => {
        const maker = capabilityOf(other);
        return maker.id !== taker.id && feeds(maker, taker, needed);
      });
    });
    if (free.length) return free;
  }
  return items.slice(0, 1);
}

/**
 * True when an output of one capability can be an input of the other.
 * @param needed - count only inputs that the other cannot do without
 */
function feeds(maker: AnyCapability, taker: AnyCapability, needed: boolean): boolean {
  const made = Object.values(maker.outputs).map((text) => parseInputSpec(text).pattern);
  return Object.values(taker.inputs).some((text) => {
    const { pattern: wanted, optional } = parseInputSpec(text);
    if (needed && optional) return false;
    return made.some(
      (pattern) => pattern === wanted || (!pattern.endsWith('.*') && kindMatches(pattern as Artifact['kind'], wanted)),
    );
  });
}

/**
 * The artifacts that a capability may take: none that was made, at any remove, from its own results. It would otherwise follow
 * its own tail for ever.
 */
function notDescendedFrom(capability: AnyCapability, artifacts: readonly Artifact[]): Artifact[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const known = new Map<string, boolean>();
  const descends = (artifact: Artifact): boolean => {
    const found = known.get(artifact.id);
    if (found !== undefined) return found;
    known.set(artifact.id, false);
    const { provenance } = artifact;
    const parents = Object.values(provenance.inputs)
      .flat()
      .flatMap((id) => byId.get(id) ?? []);
    const is = provenance.capability === capability.id || parents.some(descends);
    known.set(artifact.id, is);
    return is;
  };
  return artifacts.filter((artifact) => !descends(artifact));
}
