/** Keys of the motion screen. */

import { type RefObject, useMemo } from 'react';
import type { MotionSession } from '../../kit/motion.ts';
import { type Command, useCommands } from '../../state/commands.ts';
import { SPEEDS, seek, setSpan, setWindow, togglePlay, useMotion, zoomAt } from '../../state/motion.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import type { StageHandle } from '../../views/motion/stage/stage-view.tsx';

/** One frame of the body, or a fiftieth of a second where there is none. */
export function stepFrame(session: MotionSession | undefined, by: number): void {
  const body = session?.artifacts.find(({ kind }) => kind.startsWith('sequence.'));
  const rate = Number(body?.summary.rateHz);
  useMotion.setState({ playing: false });
  seek(useMotion.getState().timeS + by / (rate > 0 ? rate : 50));
}

interface Hands {
  stage: RefObject<StageHandle | null>;
  picture(): void;
  session: MotionSession | undefined;
}

function windowEdge(edge: 0 | 1): void {
  const { timeS, window, whole } = useMotion.getState();
  const next: [number, number] = [...(window ?? whole)];
  next[edge] = timeS;
  setWindow(next);
}

function changeSpeed(by: 1 | -1): void {
  const { speed } = useMotion.getState();
  const at = (SPEEDS as readonly number[]).indexOf(speed) + by;
  useMotion.setState({ speed: SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))] });
}

export function useMotionCommands({ stage, picture, session }: Hands): void {
  const commands = useMemo((): Command[] => {
    const now = (): number => useMotion.getState().timeS;
    const list: Command[] = [
      { id: 'play', title: 'Play or pause', group: 'Motion', keys: 'space', run: togglePlay },
      { id: 'frame-back', title: 'Frame back', group: 'Motion', keys: 'arrowleft', run: () => stepFrame(session, -1) },
      { id: 'frame-on', title: 'Frame on', group: 'Motion', keys: 'arrowright', run: () => stepFrame(session, 1) },
      {
        id: 'to-start',
        title: 'To the start',
        group: 'Motion',
        keys: 'home',
        run: () => seek(useMotion.getState().whole[0]),
      },
      {
        id: 'to-end',
        title: 'To the end',
        group: 'Motion',
        keys: 'end',
        run: () => seek(useMotion.getState().whole[1]),
      },
      { id: 'second-back', title: 'Second back', group: 'Motion', keys: 'shift+arrowleft', run: () => seek(now() - 1) },
      { id: 'second-on', title: 'Second on', group: 'Motion', keys: 'shift+arrowright', run: () => seek(now() + 1) },
      { id: 'slower', title: 'Play slower', group: 'Motion', keys: ',', words: 'speed', run: () => changeSpeed(-1) },
      { id: 'faster', title: 'Play faster', group: 'Motion', keys: '.', words: 'speed', run: () => changeSpeed(1) },
      {
        id: 'window-start',
        title: 'Window starts here',
        group: 'Motion',
        keys: '[',
        words: 'brush',
        run: () => windowEdge(0),
      },
      {
        id: 'window-end',
        title: 'Window ends here',
        group: 'Motion',
        keys: ']',
        words: 'brush',
        run: () => windowEdge(1),
      },
      {
        id: 'zoom-in',
        title: 'Less time, larger',
        group: 'Motion',
        keys: '+',
        words: 'zoom in',
        run: () => zoomAt(now(), 0.7),
      },
      {
        id: 'zoom-out',
        title: 'More time, smaller',
        group: 'Motion',
        keys: '-',
        words: 'zoom out',
        run: () => zoomAt(now(), 1 / 0.7),
      },
      {
        id: 'all-time',
        title: 'All of the time',
        group: 'Motion',
        keys: 'z',
        words: 'zoom reset',
        run: () => setSpan(useMotion.getState().whole),
      },
      {
        id: 'no-window',
        title: 'No window',
        group: 'Motion',
        keys: 'escape',
        words: 'brush clear',
        run: () => setWindow(undefined),
      },
      {
        id: 'panel',
        title: 'Panel',
        group: 'View',
        keys: 'p',
        words: 'open close right',
        run: () => prefer({ panelOpen: !usePreferences.getState().panelOpen }),
      },
      { id: 'reset', title: 'Reset the view of the body', group: 'View', keys: 'r', run: () => stage.current?.reset() },
      { id: 'picture', title: 'Picture as PNG', group: 'Export', words: 'screenshot save image', run: picture },
    ];
    for (const [view, keys, name] of [
      ['front', '1', 'the front'],
      ['side', '3', 'the side'],
      ['top', '7', 'above'],
    ] as const)
      list.push({
        id: `stage:${view}`,
        title: `Body from ${name}`,
        group: 'View',
        keys,
        run: () => stage.current?.view(view),
      });
    return list;
  }, [session, stage, picture]);
  useCommands('motion', commands);
}
