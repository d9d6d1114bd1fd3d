/** The way back through the twin: what something was made from, what was made from it, and what is out of date. */

import type { StoredArtifact } from './run.ts';

type Node = Pick<StoredArtifact, 'id' | 'provenance'>;

/**
 * Everything an artifact was made from, nearest first, itself left out.
 * @param artifacts - all that may be met on the way (of a snapshot, or of the twin)
 */
export function ancestorsOf<T extends Node>(id: string, artifacts: readonly T[]): T[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  return walk(id, (at) => Object.values(byId.get(at)?.provenance.inputs ?? {}).flat(), byId);
}

/** Everything that was made from an artifact, nearest first, itself left out. */
export function descendantsOf<T extends Node>(id: string, artifacts: readonly T[]): T[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const children = new Map<string, string[]>();
  for (const artifact of artifacts) {
    for (const input of Object.values(artifact.provenance.inputs).flat())
      children.set(input, [...(children.get(input) ?? []), artifact.id]);
  }
  return walk(id, (at) => children.get(at) ?? [], byId);
}

/** Ids of current artifacts that were made, at any remove, from something that is not current any more. */
export function staleArtifacts(current: readonly StoredArtifact[]): Set<string> {
  const byId = new Map(current.map((artifact) => [artifact.id, artifact]));
  const verdict = new Map<string, boolean>();
  const isStale = (artifact: StoredArtifact): boolean => {
    const known = verdict.get(artifact.id);
    if (known !== undefined) return known;
    verdict.set(artifact.id, false);
    const inputs = artifact.provenance.capability === 'import' ? [] : Object.values(artifact.provenance.inputs).flat();
    const stale = inputs.some((id) => {
      const input = byId.get(id);
      return !input || isStale(input);
    });
    verdict.set(artifact.id, stale);
    return stale;
  };
  return new Set(current.filter(isStale).map((artifact) => artifact.id));
}

function walk<T extends Node>(from: string, next: (id: string) => readonly string[], byId: Map<string, T>): T[] {
  const seen = new Set([from]);
  const found: T[] = [];
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const id of next(at)) {
      const node = byId.get(id);
      if (!node || seen.has(id)) continue;
      seen.add(id);
      found.push(node);
      queue.push(id);
    }
  }
  return found;
}
