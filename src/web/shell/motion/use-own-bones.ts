/** The patient's own bones for the stage: surfaces of the CT, and segments of the session that move them. */

import { useEffect, useMemo, useState } from 'react';
import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import type { Quaternion } from '../../../kernel/index.ts';
import { type ClockMap, sampleAt, unmapTimeS } from '../../../model/index.ts';
import { useBlobs } from '../../kit/blobs.ts';
import type { MotionChannel, MotionSession } from '../../kit/motion.ts';
import { layerOf, useWorkspace } from '../../state/workspace.ts';
import { indexAt } from '../../views/motion/lanes/lane-painter.ts';
import type { PointFrames } from '../../views/motion/recording/recording.ts';
import { clockOf, mapTo } from '../../views/motion/session/sessions.ts';
import { bodyBox } from '../../views/motion/stage/body-box.ts';
import { bodyCentre, boneRule, chainOf, isMovable, type OwnBone } from '../../views/motion/stage/bones/own-bones.ts';
import {
  type BodyPose,
  type SegmentTrack,
  type SkeletonPoses,
  sensorPoses,
  skeletonPoses,
} from '../../views/motion/stage/bones/segment-poses.ts';
import { makeBones } from '../../views/motion/stage/bones/stage-bones.ts';
import type { StageExtra } from '../../views/motion/stage/stage-engine.ts';
import { drawsInSoftware } from '../../views/scene3d/level-of-detail.ts';
import type { SurfaceArrays } from '../../views/scene3d/surface/glb.ts';
import { loadSurface } from '../../views/scene3d/surface/surface-loader.ts';
import { useBodies } from './use-recordings.ts';

/** Key of the layer in the workspace. */
export const OWN_BONES = 'own-bones';
const SEGMENTS = ['pelvis', 'lumbar', 'thorax'];
/** Where the sacrum stands without a skeleton · mm above the floor */
const SACRUM_MM = 1000;
const AROUND_MM = 60;

export interface OwnBones {
  extra: StageExtra | undefined;
  note: string | undefined;
  shown: boolean;
  /** why they cannot be shown; undefined where they can */
  missing: string | undefined;
}

/** Bones of the twin that can be moved, each with its surface. */
export function boneArtifacts(view: Pick<TwinView, 'artifacts'>): WireArtifact[] {
  const bones = view.artifacts.filter(
    ({ kind, name, level, blobs }) =>
      (kind === 'mesh.vertebra' || kind === 'mesh.bone') &&
      isMovable({ name, level }) &&
      blobs.some((blob) => blob.name.endsWith('.glb')),
  );
  // a bone that was made again stands for the one before
  return [...new Map(bones.map((one) => [one.level ?? one.name, one])).values()];
}

/** Channels of segments that the bones hang on. */
export function segmentChannels(channels: readonly MotionChannel[]): MotionChannel[] {
  return channels.filter(
    ({ artifact, info }) =>
      artifact.provenance.capability === 'segment-angles' &&
      info.quantity === 'orientation' &&
      SEGMENTS.includes(info.segment ?? ''),
  );
}

export function useOwnBones(
  view: TwinView,
  session: MotionSession | undefined,
  channels: readonly MotionChannel[],
  maps: readonly ClockMap[] | undefined,
  onError: (error: unknown) => void,
): OwnBones {
  const layers = useWorkspace((state) => state.layers);
  const artifacts = useMemo(() => boneArtifacts(view), [view]);
  const measured = useMemo(() => segmentChannels(channels), [channels]);
  const skeletons = useMemo(
    () => (session?.artifacts ?? []).filter(({ kind }) => kind === 'sequence.skeleton'),
    [session],
  );
  const missing = whyNot(artifacts, measured, skeletons);
  const shown = missing === undefined && (layers[OWN_BONES]?.visible ?? true);
  const surfaces = useSurfaces(shown ? artifacts : NONE, onError);
  const [body] = useBodies(shown ? skeletons.slice(0, 1) : NONE, onError);
  const points = body?.frames.type === 'points' ? body.frames : undefined;
  const skeletonMap = body && mapTo(clockOf(body.artifact), maps);
  const ink = artifacts[0] && layerOf(artifacts[0], view.artifacts, layers).colour;
  const made = useMemo(() => {
    if (!shown || !ink || surfaces.length < artifacts.length) return undefined;
    if (skeletons.length > 0 && !points) return undefined;
    const bones = chainOf(surfaces.map(({ bone }) => bone));
    const columnMm = lengthOf(bones);
    const skeleton = points && skeletonPoses(points, columnMm);
    const sensors = sensorPoses(tracksOf(measured), skeleton?.upright ?? [1, 0, 0, 0]);
    const poseAt = posesOf(sensors, skeleton && { ...skeleton, points: points as PointFrames, map: skeletonMap });
    if (!poseAt) return { problem: 'The skeleton has no hips and shoulders that were seen together.' };
    const byId = new Map(surfaces.map((one) => [one.bone.id, one.surface]));
    const pieces = bones.map((bone) => ({ bone, surface: byId.get(bone.id) as SurfaceArrays }));
    const extra: StageExtra = {
      id: OWN_BONES,
      up: points?.up,
      box: points ? bodyBox(points) : standing(bones, columnMm),
      make: () => makeBones(pieces, poseAt, ink),
    };
    const lumbar = sensors !== undefined && measured.some(({ info }) => info.segment === 'lumbar');
    return { extra, note: boneRule(sensors ? 'sensors' : 'skeleton', lumbar) };
  }, [shown, ink, surfaces, artifacts, skeletons, points, skeletonMap, measured]);
  if (made && 'problem' in made) return { extra: undefined, note: undefined, shown: false, missing: made.problem };
  return { extra: made?.extra, note: made?.note, shown, missing };
}

const NONE: readonly WireArtifact[] = [];

function whyNot(
  bones: readonly WireArtifact[],
  measured: readonly MotionChannel[],
  skeletons: readonly WireArtifact[],
): string | undefined {
  if (bones.length === 0) return 'There are no bones: label the vertebrae of a CT first.';
  const sensors = new Set(measured.map(({ info }) => info.segment));
  const bySensors = sensors.has('pelvis') && (sensors.has('thorax') || sensors.has('lumbar'));
  if (bySensors || skeletons.length > 0) return undefined;
  return 'Nothing tells how pelvis and thorax turn: record a skeleton, or sensors on both.';
}

/** A segment's orientation from its four channels. */
function tracksOf(measured: readonly MotionChannel[]): SegmentTrack[] {
  return SEGMENTS.flatMap((segment) => {
    const parts = (['w', 'x', 'y', 'z'] as const).flatMap(
      (axis) => measured.find(({ info }) => info.segment === segment && info.axis === axis) ?? [],
    );
    if (parts.length < 4 || parts.some(({ channel }) => channel === undefined)) return [];
    const at = (timeS: number): Quaternion | undefined => {
      const index = Math.round(indexAt(parts[0], timeS));
      const last = parts[0].time.count - 1;
      const sample = Math.min(last, Math.max(0, index));
      const q = parts.map(({ channel }) => channel?.values[sample] ?? Number.NaN) as unknown as Quaternion;
      return q.every(Number.isFinite) ? q : undefined;
    };
    return [{ segment, at }];
  });
}

type MovingSkeleton = SkeletonPoses & { points: PointFrames; map: ClockMap | undefined };

/** Turns by sensors where there are some, the place by the skeleton where there is one. */
function posesOf(
  sensors: ReturnType<typeof sensorPoses>,
  skeleton: MovingSkeleton | undefined,
): ((timeS: number) => BodyPose | undefined) | undefined {
  if (!sensors && !skeleton) return undefined;
  const bySkeleton = (timeS: number): BodyPose | undefined => {
    if (!skeleton) return undefined;
    const { points, map, at } = skeleton;
    const frame = sampleAt(points, map ? unmapTimeS(map, timeS) : timeS, points.count);
    return at(Math.min(points.count - 1, Math.max(0, frame)));
  };
  if (!sensors) return bySkeleton;
  return (timeS) => {
    const pose = sensors(timeS);
    const body = bySkeleton(timeS);
    if (skeleton && !body) return undefined;
    return pose && { ...pose, root: body?.root ?? [0, SACRUM_MM, 0] };
  };
}

/** From the sacrum to the first thoracic vertebra, where both are there · mm */
function lengthOf(bones: readonly OwnBone[]): number | undefined {
  const top = bones.find(({ level }) => level === 'T1');
  const low = bones.find(({ level }) => level === 'S1') ?? bones[0];
  return top && Math.hypot(...top.centre.map((value, k) => value - low.centre[k]));
}

/** Room for the column by itself. */
function standing(bones: readonly OwnBone[], columnMm = bones.length * 30) {
  const low: [number, number, number] = [-columnMm / 2, SACRUM_MM - 2 * AROUND_MM, -columnMm / 2];
  return { low, high: [columnMm / 2, SACRUM_MM + columnMm + AROUND_MM, columnMm / 2] as [number, number, number] };
}

interface Loaded {
  bone: OwnBone;
  surface: SurfaceArrays;
}

/** Surfaces of the bones, all or none; light ones where the processor draws. */
function useSurfaces(artifacts: readonly WireArtifact[], onError: (error: unknown) => void): readonly Loaded[] {
  const reader = useBlobs();
  const [loaded, setLoaded] = useState<readonly Loaded[]>([]);
  useEffect(() => {
    let alive = true;
    const light = drawsInSoftware();
    const all = artifacts.map(async ({ id, name, level, blobs }): Promise<Loaded> => {
      const blob = blobs.find((one) => one.name.endsWith('.glb'));
      const { full, coarse } = await loadSurface(reader, blob?.sha256 ?? '');
      const surface = light ? coarse : full;
      const centre = bodyCentre(surface.positions, level !== undefined && !level.startsWith('S'));
      return { bone: { id, name, level, centre }, surface };
    });
    Promise.all(all).then(
      (found) => alive && setLoaded(found),
      (error: unknown) => alive && onError(error),
    );
    return () => {
      alive = false;
    };
  }, [artifacts, reader, onError]);
  return loaded;
}
