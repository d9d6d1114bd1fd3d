/** Force plates of the session for the stage. */

import { useMemo } from 'react';
import type { MotionChannel, MotionSession } from '../../kit/motion.ts';
import { useWorkspace } from '../../state/workspace.ts';
import type { PointFrames } from '../../views/motion/recording/recording.ts';
import { clockOf } from '../../views/motion/session/sessions.ts';
import { forceScale, greatestForce, platesOf } from '../../views/motion/stage/plates/plate-forces.ts';
import { makePlates } from '../../views/motion/stage/plates/stage-plates.ts';
import type { StageExtra } from '../../views/motion/stage/stage-engine.ts';
import type { LoadedBody } from './use-recordings.ts';
import { useHeads } from './use-recordings.ts';

/** Key of the layer in the workspace. */
export const FORCES = 'force-plates';
const INK = { dark: [240, 150, 80], light: [190, 84, 10] } as const;

export interface Plates {
  extra: StageExtra | undefined;
  scale: { mmPerN: number; barN: number } | undefined;
  shown: boolean;
  /** there are plates at all */
  present: boolean;
}

/** Channels that arrows are drawn from. */
export function plateChannels(channels: readonly MotionChannel[]): MotionChannel[] {
  return channels.filter(
    ({ artifact, info }) =>
      artifact.provenance.capability === 'force-plates' &&
      (info.quantity === 'force' || info.quantity === 'pressure-centre'),
  );
}

export function usePlates(
  session: MotionSession | undefined,
  channels: readonly MotionChannel[],
  bodies: readonly LoadedBody[],
  dark: boolean,
  onError: (error: unknown) => void,
): Plates {
  const shown = useWorkspace((state) => state.layers[FORCES]?.visible ?? true);
  const sources = useMemo(() => (session?.artifacts ?? []).filter(({ kind }) => kind === 'signal.force'), [session]);
  const heads = useHeads(sources, onError);
  const measured = useMemo(() => plateChannels(channels), [channels]);
  const outlines = useMemo(() => [...heads.values()].flatMap(({ plates }) => plates ?? []), [heads]);
  const plates = useMemo(() => platesOf(outlines, measured), [outlines, measured]);
  const room = useMemo(() => roomOf(bodies, sources[0] && clockOf(sources[0])), [bodies, sources]);
  return useMemo(() => {
    if (plates.length === 0) return { extra: undefined, scale: undefined, shown, present: false };
    const scale = forceScale(greatestForce(plates), room?.heightMm);
    const corners = plates.flatMap((plate) => plate.corners);
    const extra: StageExtra = {
      id: FORCES,
      up: room?.up ?? '+z',
      box: boxOf(corners),
      make: () => makePlates(plates, scale.mmPerN, INK[dark ? 'dark' : 'light']),
    };
    return { extra: shown ? extra : undefined, scale: shown ? scale : undefined, shown, present: true };
  }, [plates, room, shown, dark]);
}

/** The vertical of the markers that were recorded with the plates, and how high they go · mm */
function roomOf(
  bodies: readonly LoadedBody[],
  clock: string | undefined,
): { up: PointFrames['up']; heightMm: number | undefined } | undefined {
  const body = bodies.find(({ artifact }) => clockOf(artifact) === clock) ?? bodies[0];
  if (!body) return undefined;
  const { up = '+y', positions } = body.frames;
  const axis = 'xyz'.indexOf(up[1]);
  const heights: number[] = [];
  const step = 3 * Math.max(1, Math.floor(positions.length / 30_000));
  for (let i = axis; i < positions.length; i += step) if (Number.isFinite(positions[i])) heights.push(positions[i]);
  heights.sort((a, b) => a - b);
  const heightMm =
    heights.length > 1
      ? heights[Math.floor(0.99 * heights.length)] - heights[Math.floor(0.01 * heights.length)]
      : undefined;
  return { up: body.frames.up, heightMm: heightMm && heightMm > 100 ? heightMm : undefined };
}

function boxOf(corners: readonly number[]) {
  const along = (axis: number): number[] => corners.filter((_, i) => i % 3 === axis);
  const [x, y, z] = [along(0), along(1), along(2)];
  const low: [number, number, number] = [Math.min(...x), Math.min(...y), Math.min(...z)];
  return { low, high: [Math.max(...x), Math.max(...y), Math.max(...z)] as [number, number, number] };
}
