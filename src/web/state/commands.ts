/** Every command of the page in one list: the palette shows them, the keys run them, the help names them. */

import { useEffect } from 'react';
import { create } from 'zustand';

export interface Command {
  id: string;
  title: string;
  group: 'Go to' | 'View' | 'Motion' | 'Inference' | 'Measure' | 'Twin' | 'Export' | 'Page';
  /** `mod+k`, `shift+z`, `m`; `mod` is Ctrl, or ⌘ on a Mac */
  keys?: string;
  /** more words that find it */
  words?: string;
  /** why it cannot be done now; the palette says so */
  why?: string;
  run(): void;
}

const useRegistry = create<{ lists: Readonly<Record<string, readonly Command[]>> }>(() => ({ lists: {} }));

/** Registers the commands of a part of the page while it is on the screen. */
export function useCommands(owner: string, commands: readonly Command[]): void {
  useEffect(() => {
    useRegistry.setState(({ lists }) => ({ lists: { ...lists, [owner]: commands } }));
  }, [owner, commands]);
  useEffect(
    () => () =>
      useRegistry.setState(({ lists }) => {
        const { [owner]: _gone, ...rest } = lists;
        return { lists: rest };
      }),
    [owner],
  );
}

export function useAllCommands(): readonly Command[] {
  const lists = useRegistry((state) => state.lists);
  return Object.values(lists).flat();
}

const MAC = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);

/** True when an event is the chord of a command. Letters go by what they type, digits by their place on the keyboard. */
export function isChord(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  chord: string,
  mac = MAC,
): boolean {
  const parts = chord.toLowerCase().split('+');
  const key = parts.at(-1) || '+';
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (parts.includes('mod') !== mod || other || parts.includes('alt') !== event.altKey) return false;
  // where these stand depends on the keyboard, with Shift or without
  if (/^[?+[\]]$/.test(key)) return event.key === key;
  if (parts.includes('shift') !== event.shiftKey) return false;
  if (/^\d$/.test(key)) return event.code === `Digit${key}` || event.code === `Numpad${key}`;
  return event.key.toLowerCase() === (key === 'space' ? ' ' : key);
}

/** A chord as the keyboard names it. */
export function chordText(chord: string, mac = MAC): string {
  const names: Record<string, string> = mac
    ? { mod: '⌘', shift: '⇧', alt: '⌥' }
    : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt' };
  Object.assign(names, { arrowleft: '←', arrowright: '→', '': '+' });
  const parts = chord
    .split('+')
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)));
  return parts.join(mac ? '' : '+');
}

/** Controls that need the space bar or the arrows for themselves. */
function isControl(target: EventTarget | null, key: string): boolean {
  const element = target instanceof Element ? target : null;
  if (key === ' ') return element?.closest('button, a, summary, [role="menuitem"], [role="option"]') !== null;
  // what scrolls keeps the keys to its ends
  if (/^(Home|End)$/.test(key)) return element?.closest('[role="tabpanel"], [role="menu"], [role="tab"]') !== null;
  if (!/^Arrow/.test(key)) return false;
  return (
    element?.closest('[role="tab"], [role="slider"], [role="separator"], [role="menu"], [role="radiogroup"]') !== null
  );
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element !== null && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

/** Runs commands by their keys; single letters rest while somebody types or a dialog is open. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const plain = !event.ctrlKey && !event.metaKey;
    if (plain && (isTyping(event.target) || document.querySelector('[role="dialog"]'))) return;
    if (isTyping(event.target) && /^[zy]$/i.test(event.key)) return;
    if (plain && isControl(event.target, event.key)) return;
    for (const command of Object.values(useRegistry.getState().lists).flat()) {
      if (!command.keys || !isChord(event, command.keys)) continue;
      event.preventDefault();
      command.run();
      return;
    }
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}

/** How well a command answers a search: every word must be found; 0 is no. */
export function commandScore(command: Command, search: string): number {
  const text = `${command.title} ${command.group} ${command.words ?? ''}`.toLowerCase();
  let score = 1;
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 3 : /\s/.test(text[at - 1]) ? 2 : 1;
  }
  return score;
}
