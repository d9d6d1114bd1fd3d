/** Looks through a whole store for anything that is not true: half-written, dangling, spoiled. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/store/index.ts';
import type { StoreFact } from './store-kill-child.ts';

/** Every acknowledged fact that does not hold, in words. */
export async function lostFacts(store: Store, facts: readonly StoreFact[]): Promise<string[]> {
  const lost: string[] = [];
  for (let at = 0; at < facts.length; at += AT_ONCE) {
    const some = facts.slice(at, at + AT_ONCE);
    const verdicts = await Promise.all(
      some.map((fact) => holdsTrue(store, fact).catch((error: unknown) => String(error))),
    );
    verdicts.forEach((verdict, i) => {
      if (verdict !== true) lost.push(`${JSON.stringify(some[i])}: ${verdict}`);
    });
  }
  return lost;
}

/** Facts looked at side by side: as many as the store has connections. */
const AT_ONCE = 8;

async function holdsTrue(store: Store, fact: StoreFact): Promise<true | string> {
  switch (fact.fact) {
    case 'twin':
      return (await store.twins.getTwin(fact.twin)).id === fact.twin || 'another twin';
    case 'acquisition': {
      const found = (await store.twins.acquisitions(fact.twin)).find((item) => item.id === fact.id);
      if (!found) return 'no such acquisition';
      return spoiled(store, found.files);
    }
    case 'run': {
      const run = await store.twins.findRun(fact.twin, fact.key);
      if (!run) return 'no such run';
      if (run.artifacts.length !== fact.artifacts || run.features.length !== fact.features)
        return 'run is not complete';
      const snapshot = await store.twins.getSnapshot(fact.twin, fact.snapshot);
      if (!run.artifacts.every((artifact) => snapshot.artifacts.includes(artifact.id))) return 'snapshot lacks it';
      return spoiled(
        store,
        run.artifacts.flatMap((artifact) => artifact.blobs),
      );
    }
    case 'document':
      return (await store.twins.getDocument(fact.twin, 'measurements', fact.version)) ? true : 'no such version';
    case 'job':
      return (await store.jobs.get(fact.id)).id === fact.id || 'another job';
  }
}

async function spoiled(store: Store, blobs: readonly { sha256: string }[]): Promise<true | string> {
  for (const { sha256 } of blobs)
    if (!(await store.blobs.verify(sha256))) return `blob ${sha256} is missing or spoiled`;
  return true;
}

/** Everything visible that is not whole, in words. */
export async function untruths(store: Store, dataDir: string): Promise<string[]> {
  const found: string[] = [];
  const swept = await store.swept;
  for (const sha256 of swept.missing) found.push(`a row names ${sha256}, which is not on disk`);
  for (const job of await store.jobs.list({ state: 'running' })) found.push(`job ${job.id} claims to run`);
  await store.settled();
  for (const twin of await store.twins.listTwins()) {
    for (const { id } of await store.twins.snapshots(twin.id)) {
      const snapshot = await store.twins.getSnapshot(twin.id, id);
      const artifacts = await store.twins.artifacts(twin.id, snapshot.artifacts);
      if (artifacts.length !== snapshot.artifacts.length)
        found.push(`snapshot ${id} names artifacts that are not there`);
      if (artifacts.some((artifact) => artifact.blobs.length === 0))
        found.push(`snapshot ${id} has an artifact without files`);
    }
    const state = await store.twins.current(twin.id);
    const { artifacts = [], features = [] } = state.snapshot ?? {};
    if (state.artifacts.length !== artifacts.length || state.features.length !== features.length)
      found.push(`the present of ${twin.id} lacks something its snapshot names`);
    const ids = new Set(state.artifacts.map((artifact) => artifact.id));
    for (const feature of state.features)
      if (!feature.evidence.every((item) => ids.has(item.artifact))) found.push(`feature ${feature.id} points nowhere`);
    found.push(...(await brokenView(join(dataDir, 'twins', twin.id), state.snapshot?.id ?? 0)));
  }
  const left = (await readdir(dataDir)).filter((name) => /\.new-|\.lock\.|\.takeover/.test(name));
  return [...found, ...left.map((name) => `${name} was left behind`)];
}

async function brokenView(folder: string, snapshot: number): Promise<string[]> {
  const text = await readFile(join(folder, 'provenance.json'), 'utf8').catch(() => '{}');
  const view = JSON.parse(text) as { snapshot?: { id: number }; artifacts?: { files: string[] }[] };
  if ((view.snapshot?.id ?? 0) !== snapshot) return [`${folder} does not show snapshot ${snapshot}`];
  const files = (view.artifacts ?? []).flatMap((artifact) => artifact.files);
  const sizes = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => undefined)));
  return files.filter((_, i) => !sizes[i]).map((file) => `${folder}/${file} is missing`);
}
