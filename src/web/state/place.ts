/** Where the reader is: twin, screen, as-of, and the view; all of it in the address, so that a link reopens it. */

import { create } from 'zustand';
import type { Vec3 } from '../../model/index.ts';
import type { AsOf } from './queries.ts';

export type Screen = 'patients' | 'overview' | 'spine' | 'motion' | 'inference';

export interface Place {
  screen: Screen;
  twin?: string;
  asOf: AsOf;
}

const HOME: Place = { screen: 'patients', asOf: {} };

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const twin = query.get('twin') ?? undefined;
  if (!twin) return HOME;
  const screen = (['spine', 'motion', 'inference'] as const).find((one) => one === query.get('screen')) ?? 'overview';
  return { screen, twin, asOf: { known: query.get('known') ?? undefined, valid: query.get('valid') ?? undefined } };
}

export function writePlace(place: Place, more: Record<string, string> = {}): string {
  const query = new URLSearchParams();
  if (place.twin) {
    query.set('twin', place.twin);
    query.set('screen', place.screen);
    if (place.asOf.known) query.set('known', place.asOf.known);
    if (place.asOf.valid) query.set('valid', place.asOf.valid);
    for (const [name, value] of Object.entries(more)) query.set(name, value);
  }
  const text = query.toString();
  return text ? `?${text}` : '/';
}

export const usePlace = create<Place>(() => readPlace(typeof location === 'undefined' ? '' : location.search));

export function go(part: Partial<Place>): void {
  const next: Place = { ...usePlace.getState(), ...part };
  if (next.screen === 'patients') Object.assign(next, HOME, { twin: undefined });
  history.pushState(null, '', writePlace(next));
  usePlace.setState(next, true);
}

/** Follows the browser's back and forward. */
export function followHistory(): () => void {
  const follow = (): void => usePlace.setState(readPlace(location.search), true);
  window.addEventListener('popstate', follow);
  return () => window.removeEventListener('popstate', follow);
}

/** A view as it rides in a link. */
export interface LinkedView {
  crosshair?: Vec3;
  selection?: { level?: string; feature?: string };
  window?: { width: number; level: number };
  layout?: string;
}

export function viewToQuery(view: LinkedView): Record<string, string> {
  const query: Record<string, string> = {};
  if (view.crosshair) query.at = view.crosshair.map((x) => x.toFixed(1)).join(',');
  if (view.selection?.level) query.level = view.selection.level;
  if (view.selection?.feature) query.feature = view.selection.feature;
  if (view.window) query.window = `${Math.round(view.window.width)},${Math.round(view.window.level)}`;
  if (view.layout) query.layout = view.layout;
  return query;
}

export function viewFromQuery(search: string): LinkedView {
  const query = new URLSearchParams(search);
  const view: LinkedView = {};
  const numbers = (name: string, n: number): number[] | undefined => {
    const list = query.get(name)?.split(',').map(Number);
    return list?.length === n && list.every(Number.isFinite) ? list : undefined;
  };
  const at = numbers('at', 3);
  if (at) view.crosshair = [at[0], at[1], at[2]];
  const window = numbers('window', 2);
  if (window) view.window = { width: window[0], level: window[1] };
  const level = query.get('level') ?? undefined;
  const feature = query.get('feature') ?? undefined;
  if (level || feature) view.selection = { level, feature };
  view.layout = query.get('layout') ?? undefined;
  return view;
}
