/** The twin itself and its moments. */

/** One subject's twin. Identity lives elsewhere; `alias` is what lists show. */
export interface Twin {
  id: string;
  alias: string;
  createdAt: string;
  synthetic: boolean;
}

/** The twin at one moment: what was current then and why it changed. Append-only. */
export interface Snapshot {
  id: number;
  twin: string;
  /** ISO 8601 · known time */
  at: string;
  reason: string;
  artifacts: string[];
  features: string[];
}
