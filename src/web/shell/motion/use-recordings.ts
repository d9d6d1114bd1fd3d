/** Recordings of the chosen session, read as they are needed: heads first, then the channels of lanes that are shown, then bodies. */

import { useEffect, useMemo, useState } from 'react';
import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import { type ClockMap, type Clocks, type EventList, mapTimeS } from '../../../model/index.ts';
import { useBlobs } from '../../kit/blobs.ts';
import type { ClockBench, MotionChannel, MotionSession } from '../../kit/motion.ts';
import { useDocuments } from '../../state/queries.ts';
import { loadBody, loadChannel, loadHead } from '../../views/motion/recording/motion-loader.ts';
import type { BlobPlace, BodyFrames, Channel, RecordingHead } from '../../views/motion/recording/recording.ts';
import { clockOf, mapTo } from '../../views/motion/session/sessions.ts';

/** The clock maps of a twin, of all its sessions, and the artifact each stands in. */
export function useClocks(view: TwinView): ClockBench | undefined {
  const artifacts = useMemo(() => view.artifacts.filter(({ kind }) => kind === 'clocks'), [view.artifacts]);
  const documents = useDocuments<Clocks>(artifacts);
  return useMemo(() => {
    if (artifacts.length === 0 || documents.length < artifacts.length) return undefined;
    const artifactOf = (map: ClockMap) => artifacts[documents.findIndex(({ maps }) => maps.includes(map))];
    return { maps: documents.flatMap(({ maps }) => maps), artifactOf };
  }, [artifacts, documents]);
}

/** Events of the session on its clock, in order of time. */
export function useEvents(
  session: MotionSession | undefined,
  maps: readonly ClockMap[] | undefined,
): EventList['events'] {
  const sources = (session?.artifacts ?? []).filter(({ kind, summary }) => kind === 'events' && summary.events !== 0);
  const lists = useDocuments<EventList>(sources);
  return useMemo(() => {
    const on = (clock: string): ((timeS: number) => number) => {
      const map = mapTo(clock, maps);
      return (timeS) => (map ? mapTimeS(map, timeS) : timeS);
    };
    return lists
      .flatMap(({ clock, events }) =>
        events.map((event) => ({
          ...event,
          timeS: on(clock)(event.timeS),
          ...(event.endS !== undefined && { endS: on(clock)(event.endS) }),
        })),
      )
      .sort((a, b) => a.timeS - b.timeS);
  }, [lists, maps]);
}

function placeOf(artifact: WireArtifact): BlobPlace | undefined {
  return artifact.blobs.find(({ name }) => name.endsWith('.parquet'));
}

/** Keeps what promises bring, by key, while the component lives. */
function useLoaded<T>(keys: readonly string[], load: (key: string) => Promise<T>, onError: (error: unknown) => void) {
  const [loaded, setLoaded] = useState<ReadonlyMap<string, T>>(new Map());
  const wanted = keys.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what to load is named by the keys
  useEffect(() => {
    let alive = true;
    for (const key of wanted.split('\n').filter(Boolean)) {
      load(key).then(
        (value) => {
          if (alive) setLoaded((before) => (before.get(key) === value ? before : new Map(before).set(key, value)));
        },
        (error: unknown) => alive && onError(error),
      );
    }
    return () => {
      alive = false;
    };
  }, [wanted]);
  return loaded;
}

/** What recordings say of themselves, by artifact. */
export function useHeads(
  artifacts: readonly WireArtifact[],
  onError: (error: unknown) => void,
): ReadonlyMap<string, RecordingHead> {
  const reader = useBlobs();
  return useLoaded<RecordingHead>(
    artifacts.filter(placeOf).map(({ id }) => id),
    (id) => loadHead(reader, placeOf(artifacts.find((one) => one.id === id) as WireArtifact) as BlobPlace),
    onError,
  );
}

/** All channels of a session, without their values. */
export function useChannels(
  session: MotionSession | undefined,
  maps: readonly ClockMap[] | undefined,
  onError: (error: unknown) => void,
): readonly MotionChannel[] {
  const signals = useMemo(
    () => (session?.artifacts ?? []).filter((artifact) => artifact.kind.startsWith('signal.') && placeOf(artifact)),
    [session],
  );
  const heads = useHeads(signals, onError);
  return useMemo(() => {
    return signals.flatMap((artifact) => {
      const head = heads.get(artifact.id);
      return head ? channelsOf(artifact, head, maps) : [];
    });
  }, [signals, heads, maps]);
}

export function channelsOf(
  artifact: WireArtifact,
  head: RecordingHead,
  maps: readonly ClockMap[] | undefined,
): MotionChannel[] {
  const map = mapTo(clockOf(artifact), maps);
  return head.channels.map((info, index) => ({
    id: `${artifact.id} ${index}`,
    artifact,
    info,
    time: head,
    map,
    channel: undefined,
  }));
}

export function readChannel(reader: Parameters<typeof loadChannel>[0], one: MotionChannel): Promise<Channel> {
  return loadChannel(reader, placeOf(one.artifact) as BlobPlace, Number(one.id.split(' ').at(-1)));
}

/** Adds the values of the channels that are shown, as they arrive. */
export function useValues(
  channels: readonly MotionChannel[],
  shown: ReadonlySet<string>,
  onError: (error: unknown) => void,
): readonly MotionChannel[] {
  const reader = useBlobs();
  const loaded = useLoaded<Channel>(
    channels.filter(({ id }) => shown.has(id)).map(({ id }) => id),
    (id) => readChannel(reader, channels.find((one) => one.id === id) as MotionChannel),
    onError,
  );
  return useMemo(() => channels.map((one) => ({ ...one, channel: loaded.get(one.id) })), [channels, loaded]);
}

export interface LoadedBody {
  artifact: WireArtifact;
  frames: BodyFrames;
}

/** Bodies that are shown. */
export function useBodies(
  artifacts: readonly WireArtifact[],
  onError: (error: unknown) => void,
): readonly LoadedBody[] {
  const reader = useBlobs();
  const loaded = useLoaded<BodyFrames>(
    artifacts.map(({ id }) => id),
    (id) => loadBody(reader, placeOf(artifacts.find((one) => one.id === id) as WireArtifact) as BlobPlace),
    onError,
  );
  return useMemo(
    () =>
      artifacts.flatMap((artifact) => {
        const frames = loaded.get(artifact.id);
        return frames ? [{ artifact, frames }] : [];
      }),
    [artifacts, loaded],
  );
}
