import { beforeEach, describe, expect, it } from 'vitest';
import { clearSteps, noteStep, redo, undo, useUndo } from './undo.ts';

describe('undo', () => {
  let value = 0;
  const set = (to: number): void => {
    const from = value;
    value = to;
    noteStep({
      title: `to ${to}`,
      undo: () => {
        value = from;
      },
      redo: () => {
        value = to;
      },
    });
  };

  beforeEach(() => {
    value = 0;
    clearSteps();
  });

  it('goes back and forth', async () => {
    set(1);
    set(2);
    expect(await undo()).toBe('to 2');
    expect(value).toBe(1);
    await undo();
    expect(value).toBe(0);
    expect(await undo()).toBeUndefined();
    await redo();
    await redo();
    expect(value).toBe(2);
  });

  it('forgets what was undone once something new is done', async () => {
    set(1);
    await undo();
    set(5);
    expect(await redo()).toBeUndefined();
    expect(value).toBe(5);
    expect(useUndo.getState().undone).toEqual([]);
  });
});
