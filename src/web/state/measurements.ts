/** Measurements drawn by hand: kept here at once, saved to the server soon after, undone step by step. */

import { create } from 'zustand';
import type { WireError, WireMeasurement, WireMeasurements } from '../../contract/index.ts';
import type { Vec3 } from '../../model/index.ts';
import type { MeasureTool } from '../kit/panel.ts';
import { measureUnit, measureValue, TOOL_NAMES } from '../views/measure/measure-geometry.ts';
import { ApiError, call, recordOf } from './client.ts';
import { noteStep } from './undo.ts';

interface MeasurementState {
  twin: string | undefined;
  items: readonly WireMeasurement[];
  version: number;
  state: 'loading' | 'saved' | 'saving' | 'unsaved';
  problem?: WireError;
}

const NONE: MeasurementState = { twin: undefined, items: [], version: 0, state: 'saved' };
const SAVE_AFTER_MS = 350;

export const useMeasurements = create<MeasurementState>(() => NONE);
const set = useMeasurements.setState;

/** Loads what is saved for a twin. */
export async function openMeasurements(twin: string): Promise<void> {
  if (useMeasurements.getState().twin === twin) return;
  set({ ...NONE, twin, state: 'loading' });
  try {
    const { version, document } = await call('getMeasurements', { params: { twin } });
    if (useMeasurements.getState().twin === twin) set({ items: document.items, version, state: 'saved' });
  } catch (error) {
    if (useMeasurements.getState().twin === twin) set({ state: 'saved', problem: recordOf(error) });
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
let saving: Promise<void> = Promise.resolve();

function put(items: readonly WireMeasurement[]): void {
  set({ items, state: 'unsaved', problem: undefined });
  clearTimeout(timer);
  timer = setTimeout(() => {
    saving = saving.then(save);
  }, SAVE_AFTER_MS);
}

async function save(): Promise<void> {
  const { twin, items, version } = useMeasurements.getState();
  if (!twin) return;
  const document: WireMeasurements = { schemaVersion: 1, items: [...items] };
  set({ state: 'saving' });
  try {
    const saved = await call('putMeasurements', { params: { twin }, body: { baseVersion: version, document } });
    if (useMeasurements.getState().twin !== twin) return;
    const unchanged = useMeasurements.getState().items === items;
    set({ version: saved.version, state: unchanged ? 'saved' : 'unsaved' });
  } catch (error) {
    await settle(twin, error);
  }
}

/** Another window saved first: what it added is kept beside ours. */
async function settle(twin: string, error: unknown): Promise<void> {
  if (!(error instanceof ApiError) || error.status !== 409) {
    set({ state: 'unsaved', problem: recordOf(error) });
    return;
  }
  const theirs = await call('getMeasurements', { params: { twin } }).catch(() => undefined);
  if (!theirs || useMeasurements.getState().twin !== twin) return;
  const ours = useMeasurements.getState().items;
  const added = theirs.document.items.filter((item) => !ours.some((own) => own.id === item.id));
  set({ version: theirs.version });
  put([...ours, ...added]);
}

function change(title: string, to: readonly WireMeasurement[]): void {
  const from = useMeasurements.getState().items;
  put(to);
  noteStep({ title, undo: () => put(from), redo: () => put(to) });
}

/** Adds a finished measurement. @returns its id */
export function addMeasurement(
  type: MeasureTool,
  points: readonly Vec3[],
  plane: WireMeasurement['plane'],
  artifact: string | undefined,
): string {
  const { items } = useMeasurements.getState();
  const name = TOOL_NAMES[type];
  const used = items.map((item) => Number(new RegExp(`^${name} (\\d+)$`).exec(item.label)?.[1] ?? 0));
  const item: WireMeasurement = {
    id: crypto.randomUUID(),
    type,
    label: `${name} ${Math.max(0, ...used) + 1}`,
    points: points.map((p) => [p[0], p[1], p[2]]),
    plane,
    value: measureValue(type, points, plane),
    unit: measureUnit(type),
    artifact,
    createdAt: new Date().toISOString(),
  };
  change(`draw ${item.label}`, [...items, item]);
  return item.id;
}

let held: readonly WireMeasurement[] | undefined;

/** Moves the points of a measurement; one step to undo for a whole drag. */
export function moveMeasurement(id: string, points: readonly Vec3[], final: boolean): void {
  const { items } = useMeasurements.getState();
  held ??= items;
  const to = items.map((item) =>
    item.id === id
      ? {
          ...item,
          points: points.map((p): [number, number, number] => [p[0], p[1], p[2]]),
          value: measureValue(item.type, points, item.plane),
        }
      : item,
  );
  if (!final) {
    set({ items: to });
    return;
  }
  const from = held;
  held = undefined;
  put(to);
  noteStep({ title: 'move a point', undo: () => put(from), redo: () => put(to) });
}

export function renameMeasurement(id: string, label: string): void {
  const { items } = useMeasurements.getState();
  const text = label.trim().slice(0, 200);
  if (!text || items.find((item) => item.id === id)?.label === text) return;
  change(
    'rename',
    items.map((item) => (item.id === id ? { ...item, label: text } : item)),
  );
}

export function removeMeasurement(id: string): void {
  const { items } = useMeasurements.getState();
  const gone = items.find((item) => item.id === id);
  if (gone)
    change(
      `delete ${gone.label}`,
      items.filter((item) => item.id !== id),
    );
}
