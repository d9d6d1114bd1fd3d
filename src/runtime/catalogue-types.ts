/** What the catalogue lists. The list itself stands in `src/catalogue.ts`, above every room it names. */

import type { AnyCapability, ArtifactKind, Format, InferenceEngine, Scale } from '../model/index.ts';

/** A thing of the catalogue that is imported only when it is needed. */
export interface LazyEntry<T> {
  id: string;
  load(): Promise<T>;
}

/** A modality of the Multiscale Real Subject. */
export interface Modality {
  id: string;
  title: string;
  scales: readonly Scale[];
  /** artifact kinds its readers make */
  kinds: readonly ArtifactKind[];
  /** what a user may drop, in words */
  accepts: string;
}

/** An external program the twin works with. */
export interface Tool {
  id: string;
  title: string;
  /** true when the program is on this machine; quick */
  found(): Promise<boolean>;
  /** version text, undefined when the program is not on this machine; may take long */
  detect(): Promise<string | undefined>;
}

export interface Catalogue {
  formats: readonly LazyEntry<Format>[];
  modalities: readonly LazyEntry<Modality>[];
  capabilities: readonly LazyEntry<AnyCapability>[];
  tools: readonly LazyEntry<Tool>[];
  inference: LazyEntry<InferenceEngine>;
}

/** The part of a catalogue that reading files and running capabilities needs. */
export type WorkCatalogue = Pick<Catalogue, 'formats' | 'capabilities'>;

/** Everything a list of lazy entries loads, in its order. */
export function loadAll<T>(entries: readonly LazyEntry<T>[]): Promise<T[]> {
  return Promise.all(entries.map((entry) => entry.load()));
}
