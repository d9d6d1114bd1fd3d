/** What the panels of the motion screen get. */

import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { TwinView, WireFeature } from '../../../contract/index.ts';
import { type ClockMap, type EventList, mapTimeS } from '../../../model/index.ts';
import { useBlobs } from '../../kit/blobs.ts';
import type { ClockBench, MotionBench, MotionChannel, MotionSession, TimeWindow } from '../../kit/motion.ts';
import type { PanelProps, Selection } from '../../kit/panel.ts';
import { openSession, seek, setWindow, useMotion } from '../../state/motion.ts';
import { useDefinitions } from '../../state/queries.ts';
import { setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { loadHead } from '../../views/motion/recording/motion-loader.ts';
import { clockOf, extentOf, mapTo } from '../../views/motion/session/sessions.ts';
import { panelActions } from '../spine/spine-actions.ts';
import { nudgeClock } from './nudge.ts';
import { channelsOf, readChannel } from './use-recordings.ts';

export interface MotionData {
  sessions: readonly MotionSession[];
  session: MotionSession | undefined;
  channels: readonly MotionChannel[];
  /** the same, with the values that have arrived */
  loaded: readonly MotionChannel[];
  events: EventList['events'];
  clocks: ClockBench | undefined;
  whole: TimeWindow | undefined;
}

const NO_MEASURE: PanelProps['measure'] = {
  items: [],
  tool: undefined,
  setTool: () => {},
  rename: () => {},
  remove: () => {},
  undo: () => {},
  redo: () => {},
  canUndo: false,
  canRedo: false,
};
const NOWHERE: TimeWindow = [0, 1];

export function useMotionPanel(view: TwinView, data: MotionData): PanelProps {
  const reader = useBlobs();
  const definitions = useDefinitions();
  const selection = useWorkspace((state) => state.selection);
  const window = useMotion((state) => state.window);
  const actions = useMemo(() => panelActions(view), [view]);
  const { sessions, session, loaded, events, clocks, whole } = data;
  const load = useCallback(
    async (one: MotionSession): Promise<readonly MotionChannel[]> => {
      const signals = one.artifacts.filter(({ kind }) => kind.startsWith('signal.'));
      const lists = await Promise.all(
        signals.map(async (artifact) => {
          const place = artifact.blobs.find(({ name }) => name.endsWith('.parquet'));
          return place ? channelsOf(artifact, await loadHead(reader, place), clocks?.maps) : [];
        }),
      );
      return lists.flat();
    },
    [reader, clocks],
  );
  const read = useCallback((one: MotionChannel) => readChannel(reader, one), [reader]);
  const nudge = useCallback(
    (map: ClockMap, byS: number) => nudgeClock(view, clocks?.artifactOf(map), map, byS),
    [view, clocks],
  );
  const select = useCallback(
    (chosen: Selection) => {
      setWorkspace({ selection: chosen });
      const feature = view.features.find(({ id }) => id === chosen.feature);
      if (feature) showMoment(feature, sessions, clocks?.maps);
    },
    [view, sessions, clocks],
  );
  // a number that was pressed on another screen
  const asked = useRef(selection.feature);
  useEffect(() => {
    if (!asked.current || sessions.length === 0) return;
    select({ feature: asked.current });
    asked.current = undefined;
  }, [sessions, select]);
  const motion = useMemo(
    (): MotionBench => ({
      sessions,
      session,
      channels: loaded,
      events,
      clocks,
      window,
      whole: whole ?? NOWHERE,
      setWindow,
      seek,
      openSession: (id) => openSession(id, NOWHERE),
      load,
      read,
      nudge,
    }),
    [sessions, session, loaded, events, clocks, window, whole, load, read, nudge],
  );
  return useMemo(
    () => ({
      view,
      definitions,
      spine: undefined,
      curve: undefined,
      selection,
      select,
      measure: NO_MEASURE,
      actions,
      motion,
    }),
    [view, definitions, selection, select, actions, motion],
  );
}

/** Opens the recording a number was taken from, and shows the stretch of time it tells of. */
function showMoment(
  feature: WireFeature,
  sessions: readonly MotionSession[],
  maps: readonly ClockMap[] | undefined,
): void {
  const ids = new Set(feature.evidence.map(({ artifact }) => artifact));
  const session = sessions.find(({ artifacts }) => artifacts.some(({ id }) => ids.has(id)));
  if (session) openSession(session.id, extentOf(session, maps));
  const own = feature.window
    ? ([feature.window.startS, feature.window.endS] as const)
    : feature.evidence.find(({ locator }) => locator.timeS)?.locator.timeS;
  if (!own) return;
  const source = session?.artifacts.find(({ id }) => ids.has(id));
  const map = source && mapTo(clockOf(source), maps);
  const [start, end] = map ? [mapTimeS(map, own[0]), mapTimeS(map, own[1])] : own;
  if (end > start) setWindow([start, end]);
  seek(start);
}
