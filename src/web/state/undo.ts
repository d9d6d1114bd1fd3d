/** One undo for the whole page: whoever changes something by hand leaves the way back here. */

import { create } from 'zustand';

export interface Step {
  title: string;
  undo(): void | Promise<void>;
  redo(): void | Promise<void>;
}

interface UndoState {
  done: Step[];
  undone: Step[];
}

const MOST_STEPS = 200;

export const useUndo = create<UndoState>(() => ({ done: [], undone: [] }));

/** Notes a step that has just been taken. */
export function noteStep(step: Step): void {
  useUndo.setState(({ done }) => ({ done: [...done, step].slice(-MOST_STEPS), undone: [] }));
}

export async function undo(): Promise<string | undefined> {
  const { done, undone } = useUndo.getState();
  const step = done.at(-1);
  if (!step) return undefined;
  useUndo.setState({ done: done.slice(0, -1), undone: [...undone, step] });
  await step.undo();
  return step.title;
}

export async function redo(): Promise<string | undefined> {
  const { done, undone } = useUndo.getState();
  const step = undone.at(-1);
  if (!step) return undefined;
  useUndo.setState({ done: [...done, step], undone: undone.slice(0, -1) });
  await step.redo();
  return step.title;
}

export function clearSteps(): void {
  useUndo.setState({ done: [], undone: [] });
}
