/** The way from a word of the inference engine to what it came from: a fact of the record, a stretch of a recording, a place in the body. */

import type { TwinView, WireFeature } from '../../contract/index.ts';
import type { Vec3 } from '../../model/index.ts';
import type { Selection } from '../kit/panel.ts';
import { openSheet } from './overlays.ts';
import { go } from './place.ts';
import { lookAt, setWorkspace } from './workspace.ts';

/** What a value carries of its way back. */
export interface Trail {
  /** id of a feature of the twin, or of a fact of the record */
  source?: string;
  level?: string;
  evidence?: WireFeature['evidence'];
}

/** Where a trail ends. */
export type Destination =
  | { screen: 'record'; artifact: string; fact: string | undefined }
  | { screen: 'motion'; selection: Selection }
  | { screen: 'spine'; selection: Selection; at?: Vec3 };

const LOOK_RADIUS_MM = 55;

/** Where a trail leads in what the twin holds; undefined: nowhere any more, or it never had a place. */
export function destinationOf(view: Pick<TwinView, 'artifacts' | 'features'>, trail: Trail): Destination | undefined {
  const feature = view.features.find(({ id }) => id === trail.source);
  const evidence = trail.evidence?.length ? trail.evidence : (feature?.evidence ?? []);
  const kindOf = (id: string): string | undefined => view.artifacts.find((artifact) => artifact.id === id)?.kind;
  const known = evidence.filter(({ artifact }) => kindOf(artifact) !== undefined);
  const fact = known.find(({ artifact }) => kindOf(artifact) === 'record.clinical');
  if (fact) return { screen: 'record', artifact: fact.artifact, fact: factOf(trail.source, fact.locator) };
  if (known.length === 0 && !feature) return undefined;
  const moved = known.find(
    ({ artifact, locator }) => locator.timeS || /^(signal|sequence|events)/.test(kindOf(artifact) ?? ''),
  );
  if (moved) return { screen: 'motion', selection: feature ? { feature: feature.id } : { artifact: moved.artifact } };
  const level = feature?.level ?? trail.level ?? known.find(({ locator }) => locator.level)?.locator.level;
  const at = known.map(({ locator }) => locator.xyz ?? locator.points?.[0]).find((point) => point !== undefined);
  const selection: Selection = { level, ...(feature ? { feature: feature.id } : {}) };
  if (!feature && known[0]) selection.artifact = known[0].artifact;
  return { screen: 'spine', selection, ...(at && { at }) };
}

/** A fact by its id, its row in the record, or its place in the file. */
function factOf(
  source: string | undefined,
  { row, place }: WireFeature['evidence'][number]['locator'],
): string | undefined {
  if (row !== undefined) return `#${row}`;
  return place ?? source;
}

/** Goes to the end of a trail. @returns false where it leads nowhere */
export function openTrail(view: Pick<TwinView, 'artifacts' | 'features'>, trail: Trail): boolean {
  const to = destinationOf(view, trail);
  if (!to) return false;
  if (to.screen === 'record') {
    openSheet({ record: { artifact: to.artifact, fact: to.fact } });
    return true;
  }
  setWorkspace({ selection: to.selection });
  if (to.screen === 'spine' && to.at) lookAt(to.at, LOOK_RADIUS_MM);
  go({ screen: to.screen });
  return true;
}
