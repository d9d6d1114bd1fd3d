/** Short words at the edge of the screen: what happened, and one way to answer it. */

import { create } from 'zustand';
import type { WireError } from '../../contract/index.ts';

export interface Toast {
  key: number;
  text: string;
  error?: WireError;
  action?: { name: string; run(): void };
}

export const useToasts = create<{ list: readonly Toast[] }>(() => ({ list: [] }));

const SHOWN_MS = 6000;
let nextKey = 1;

export function toast(text: string, more: Omit<Toast, 'key' | 'text'> = {}): void {
  const key = nextKey++;
  useToasts.setState(({ list }) => ({ list: [...list.slice(-3), { key, text, ...more }] }));
  // an error stays until it is read
  if (!more.error) setTimeout(() => dismiss(key), more.action ? 2 * SHOWN_MS : SHOWN_MS);
}

export function dismiss(key: number): void {
  useToasts.setState(({ list }) => ({ list: list.filter((one) => one.key !== key) }));
}
