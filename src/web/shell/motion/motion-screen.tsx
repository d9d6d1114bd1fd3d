/** Motion: the body plays over lanes of angles, muscle, forces and events, all under one cursor. */

import { useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { type ClockMap, mapTimeS, sampleTimeS } from '../../../model/index.ts';
import { saveBlob } from '../../kit/download.ts';
import { Fence } from '../../kit/fence.tsx';
import type { MotionChannel } from '../../kit/motion.ts';
import { recordOf } from '../../state/client.ts';
import { advance, motionTime, openSession, seek, useMotion } from '../../state/motion.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { toast } from '../../state/toasts.ts';
import { layerOf, useWorkspace } from '../../state/workspace.ts';
import { planLanes } from '../../views/motion/lanes/lane-plan.ts';
import { LanesView } from '../../views/motion/lanes/lanes-view.tsx';
import { clockOf, extentOf, mapTo, sessionsOf, tellingEvents } from '../../views/motion/session/sessions.ts';
import { colouring, firstSeen } from '../../views/motion/stage/body-box.ts';
import type { StageHandle } from '../../views/motion/stage/stage-view.tsx';
import { PanelSheet, SidePanel } from '../spine/side-panel.tsx';
import twin from '../twin/twin-screen.module.css';
import classes from './motion.module.css';
import { useMotionCommands } from './motion-commands.ts';
import { motionPicture } from './motion-picture.ts';
import { MotionToolbar } from './motion-toolbar.tsx';
import { useMotionPanel } from './use-motion-panel.ts';
import { segmentChannels, useOwnBones } from './use-own-bones.ts';
import { plateChannels, usePlates } from './use-plates.ts';
import { type LoadedBody, useBodies, useChannels, useClocks, useEvents, useValues } from './use-recordings.ts';
import { useStageLayers } from './use-stage-layers.ts';

const StageView = lazy(async () => ({ default: (await import('../../views/motion/stage/stage-view.tsx')).StageView }));

/** A skin that lets see the bones in it. */
const SKIN_OVER_BONES = 0.22;
/** A body that is seen so soon needs no search · s */
const SOON_S = 0.1;

export function MotionScreen({ view, narrow }: { view: TwinView; narrow: boolean }) {
  const { colorScheme } = useMantineColorScheme();
  const dark = colorScheme !== 'light';
  const stage = useRef<StageHandle>(null);
  const split = useRef<HTMLDivElement>(null);
  const panelOpen = usePreferences((state) => state.panelOpen);
  const share = usePreferences((state) => state.stageShare);
  const lanesShown = useWorkspace((state) => state.lanes);
  const layers = useWorkspace((state) => state.layers);
  const colourBy = useMotion((state) => state.colourBy);
  const clocks = useClocks(view);
  const chosen = useMotion((state) => state.session);
  const [failedIn, setFailedIn] = useState<string>();
  const failed = useCallback((error: unknown): void => {
    setFailedIn(useMotion.getState().session);
    toast('A recording cannot be shown', { error: recordOf(error) });
  }, []);
  const sessions = useMemo(() => sessionsOf(view.artifacts, clocks?.maps), [view.artifacts, clocks]);
  const session = sessions.find(({ id }) => id === chosen) ?? sessions[0];
  const whole = useMemo(() => (session ? extentOf(session, clocks?.maps) : undefined), [session, clocks]);
  useEffect(() => {
    if (session && whole) openSession(session.id, whole);
  }, [session, whole]);
  usePlayer();

  const all = useChannels(session, clocks?.maps, failed);
  const plans = useMemo(
    () =>
      planLanes(all.filter(({ artifact }) => layerOf(artifact, view.artifacts, layers).visible)).map((lane) => ({
        ...lane,
        shown: lanesShown[lane.id] ?? lane.first,
      })),
    [all, lanesShown, layers, view.artifacts],
  );
  const wanted = useMemo(
    () =>
      new Set([
        ...plans.filter(({ shown }) => shown).flatMap(({ channels }) => channels.map(({ id }) => id)),
        // what moves bones and forces is read whether its lanes are shown or not
        ...[...segmentChannels(all), ...plateChannels(all)].map(({ id }) => id),
      ]),
    [plans, all],
  );
  const channels = useValues(all, wanted, failed);
  const lanes = useMemo(() => {
    const byId = new Map(channels.map((one) => [one.id, one]));
    return plans
      .filter(({ shown }) => shown)
      .map((lane) => ({ ...lane, channels: lane.channels.map(({ id }) => byId.get(id) as MotionChannel) }));
  }, [plans, channels]);
  const events = useEvents(session, clocks?.maps);
  const telling = useMemo(() => tellingEvents(events), [events]);

  const moving = useMemo(
    () =>
      (session?.artifacts ?? []).filter(
        (artifact) => artifact.kind.startsWith('sequence.') && layerOf(artifact, view.artifacts, layers).visible,
      ),
    [session, layers, view.artifacts],
  );
  const bodies = useBodies(moving, failed);
  useFirstSight(session?.id, bodies, clocks?.maps);
  const bones = useOwnBones(view, session, channels, clocks?.maps, failed);
  const plates = usePlates(session, channels, bodies, dark, failed);
  const extras = useMemo(
    () => [bones.extra, plates.extra].filter((extra) => extra !== undefined),
    [bones.extra, plates.extra],
  );
  const inside = bones.extra !== undefined;
  const actors = useMemo(
    () =>
      bodies.map(({ artifact, frames }) => ({
        id: artifact.id,
        frames,
        map: mapTo(clockOf(artifact), clocks?.maps),
        look: {
          ink: layerOf(artifact, view.artifacts, layers).colour,
          colourBy: frames.type === 'points' ? undefined : colouring(frames.values, colourBy),
          opacity: inside && frames.type === 'mesh' ? SKIN_OVER_BONES : 1,
        },
      })),
    [bodies, clocks, colourBy, layers, view.artifacts, inside],
  );
  const values = useMemo(
    () => [...new Set(bodies.flatMap(({ frames }) => (frames.type === 'points' ? [] : Object.keys(frames.values))))],
    [bodies],
  );

  const panel = useMotionPanel(view, { sessions, session, channels: all, loaded: channels, events, clocks, whole });
  const picture = useCallback(() => {
    if (!split.current) return;
    const made = motionPicture({ split: split.current, stage: stage.current, view, session });
    made?.toBlob((blob) => blob && saveBlob(blob, `${view.twin.alias} motion.png`));
  }, [view, session]);
  useMotionCommands({ stage, picture, session });
  const stageLayers = useStageLayers(view, session, bones, plates);
  const hasBody = stageLayers.some(({ possible }) => possible);
  return (
    <>
      <main className={twin.middle}>
        <MotionToolbar
          narrow={narrow}
          sessions={sessions}
          session={session}
          plans={plans}
          values={values}
          measurable={isUnmeasured(view, moving)}
          actions={panel.actions}
          artifacts={session?.artifacts ?? []}
          onPicture={picture}
        />
        <div
          ref={split}
          className={classes.split}
          style={{ '--share': `${hasBody ? (lanes.length > 0 ? 100 * share : 100) : 0}%` } as React.CSSProperties}
        >
          {hasBody ? (
            <div className={classes.top}>
              <Fence what="The body in motion">
                <Suspense fallback={<div className={classes.wait}>Loading …</div>}>
                  <StageView
                    handle={stage}
                    actors={actors}
                    extras={extras}
                    layers={stageLayers}
                    boneNote={bones.shown ? bones.note : undefined}
                    forces={plates.scale}
                    time={motionTime}
                    dark={dark}
                    emptyText={stageText(
                      stageLayers.some(({ shown }) => shown),
                      failedIn === session?.id,
                    )}
                  />
                </Suspense>
              </Fence>
            </div>
          ) : null}
          {hasBody && lanes.length > 0 ? <Divider share={share} /> : null}
          {lanes.length > 0 || !hasBody ? (
            <div className={classes.bottom}>
              <LanesView
                lanes={lanes}
                events={telling}
                time={motionTime}
                dark={dark}
                emptyText={emptyText(sessions.length > 0)}
              />
            </div>
          ) : null}
        </div>
        {narrow ? <PanelSheet panel={panel} screen="motion" /> : null}
      </main>
      {!narrow && panelOpen ? <SidePanel panel={panel} screen="motion" /> : null}
    </>
  );
}

/** The body measured as space, speed and volume: what a heat map needs. */
function isUnmeasured(view: TwinView, moving: readonly { id: string; kind: string }[]): boolean {
  const made = view.artifacts.filter(({ provenance }) => provenance.capability === 'video-kinematics');
  return made.length === 0 && moving.some(({ kind }) => /^sequence\.(mesh|cloud|depth|skeleton)$/.test(kind));
}

function stageText(shown: boolean, unreadable: boolean): string {
  if (!shown) return 'All layers are hidden.';
  return unreadable ? 'This recording cannot be shown. Build the twin again.' : 'Loading …';
}

/** Markers are often seen late: the cursor begins where there is a body, unless somebody has moved it. */
function useFirstSight(
  session: string | undefined,
  bodies: readonly LoadedBody[],
  maps: readonly ClockMap[] | undefined,
): void {
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (!session || bodies.length === 0 || told.current === session) return;
    told.current = session;
    const { timeS, whole, playing, window } = useMotion.getState();
    if (playing || window || timeS !== whole[0]) return;
    const times = bodies.flatMap(({ artifact, frames }) => {
      const frame = firstSeen(frames);
      const map = mapTo(clockOf(artifact), maps);
      const own = frame === undefined ? undefined : sampleTimeS(frames, frame);
      return own === undefined ? [] : [map ? mapTimeS(map, own) : own];
    });
    const first = Math.min(...times);
    // a single lost frame at the start is no reason to move
    if (Number.isFinite(first) && first - whole[0] > SOON_S) seek(first);
  }, [session, bodies, maps]);
}

function emptyText(any: boolean): string {
  return any
    ? 'All lanes are hidden. Choose some in the menu Lanes.'
    : 'No recordings yet. Drop a C3D, EMG, IMU or motion file anywhere.';
}

/** Moves the cursor while it plays. */
function usePlayer(): void {
  const playing = useMotion((state) => state.playing);
  useEffect(() => {
    if (!playing) return;
    let ticket = 0;
    let before = performance.now();
    const step = (now: number): void => {
      // a page that slept goes on where it was
      advance(Math.min(0.25, (now - before) / 1000));
      before = now;
      ticket = requestAnimationFrame(step);
    };
    ticket = requestAnimationFrame(step);
    return () => cancelAnimationFrame(ticket);
  }, [playing]);
}

/** Between body and lanes: drag it, or move it with the arrow keys. */
function Divider({ share }: { share: number }) {
  const set = (to: number): void => prefer({ stageShare: Math.min(0.8, Math.max(0.15, to)) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is a control, which hr is not
    <div
      className={classes.divider}
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the body"
      aria-valuenow={Math.round(100 * share)}
      aria-valuemin={15}
      aria-valuemax={80}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (event.buttons === 1 && box) set((event.clientY - box.top) / box.height);
      }}
      onKeyDown={(event) => {
        const step = { ArrowUp: -0.05, ArrowDown: 0.05 }[event.key];
        if (!step) return;
        event.stopPropagation();
        event.preventDefault();
        set(share + step);
      }}
    />
  );
}
