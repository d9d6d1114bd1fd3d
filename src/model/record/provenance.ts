/** How an artifact came to be, complete enough to make it again bit for bit. */

export type ParamValue = number | string | boolean;
export type ParamValues = Record<string, ParamValue>;

/** How an artifact came to be. */
export interface Provenance {
  /** capability id, or `import` for what a reader made */
  capability: string;
  version: number;
  params: ParamValues;
  /** input role → artifact ids (hashes), or sha256 of the imported files */
  inputs: Record<string, string[]>;
  software: string;
  seed: number;
  /** sha256 of model weights, where a model was used */
  weights?: string;
  startedAt: string;
  durationMs: number;
  /** set where a hand was involved */
  user?: string;
}
