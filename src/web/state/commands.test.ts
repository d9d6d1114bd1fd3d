import { describe, expect, it } from 'vitest';
import { type Command, chordText, commandScore, isChord } from './commands.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('chords', () => {
  it('take Ctrl here and ⌘ on a Mac', () => {
    expect(isChord(press('k', { ctrlKey: true }), 'mod+k', false)).toBe(true);
    expect(isChord(press('k', { metaKey: true }), 'mod+k', true)).toBe(true);
    expect(isChord(press('k', { metaKey: true }), 'mod+k', false)).toBe(false);
    expect(isChord(press('k'), 'mod+k', false)).toBe(false);
  });

  it('tell undo from redo', () => {
    const redo = press('Z', { ctrlKey: true, shiftKey: true });
    expect(isChord(redo, 'mod+shift+z', false)).toBe(true);
    expect(isChord(redo, 'mod+z', false)).toBe(false);
  });

  it('find the question mark on any keyboard', () => {
    expect(isChord(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(isChord(press('?'), '?', false)).toBe(true);
  });

  it('find digits by their place, shifted or not', () => {
    expect(isChord(press('!', { code: 'Digit1', shiftKey: true }), 'shift+1', false)).toBe(true);
    expect(isChord(press('1', { code: 'Numpad1' }), '1', false)).toBe(true);
  });

  it('are written as the keyboard has them', () => {
    expect(chordText('mod+shift+z', false)).toBe('Ctrl+Shift+Z');
    expect(chordText('mod+k', true)).toBe('⌘K');
  });
});

describe('the palette', () => {
  const command: Command = {
    id: 'a',
    title: 'Measure a distance',
    group: 'Measure',
    words: 'ruler length',
    run: () => {},
  };
  it('finds by all words, wherever they stand', () => {
    expect(commandScore(command, 'dist meas')).toBeGreaterThan(0);
    expect(commandScore(command, 'ruler')).toBeGreaterThan(0);
    expect(commandScore(command, 'cobb')).toBe(0);
    expect(commandScore(command, 'measure')).toBeGreaterThan(commandScore(command, 'easure'));
  });
});
