/** In-process events: publish, subscribe. Every open screen hears what happens to a twin. */

import type { Snapshot, Twin } from '../model/index.ts';
import type { Job } from '../twin/index.ts';

export type RuntimeEvent =
  | { type: 'job'; job: Job }
  | { type: 'snapshot'; twin: string; snapshot: Snapshot }
  | { type: 'twin'; twin: Twin }
  | { type: 'assessment'; twin: string; number: number };

export interface Bus {
  publish(event: RuntimeEvent): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RuntimeEvent) => void): () => void;
}

/** A bus for one process. A listener that throws is dropped, never the event. */
export function createBus(): Bus {
  const listeners = new Set<(event: RuntimeEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch {
          listeners.delete(listener);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
