/** What the page asks the server, by TanStack Query; events keep it fresh. */

import { QueryClient, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TwinView, WireArtifact, WireEvent, WireFeatureDefinition, WireJob } from '../../contract/index.ts';
import type { SpineCurve, SpineLandmarks } from '../../model/index.ts';
import { payloadOf } from '../kit/blobs.ts';
import { chosenVolume } from '../views/slice/chosen-volume.ts';
import { openAhead } from '../views/slice/use-volume.ts';
import { ApiError, blobReader, call } from './client.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

export interface AsOf {
  known?: string;
  valid?: string;
}

export const KEYS = {
  twins: ['twins'] as const,
  twin: (id: string, asOf: AsOf = {}) => ['twin', id, asOf.known ?? '', asOf.valid ?? ''] as const,
  jobs: ['jobs'] as const,
  catalogue: ['catalogue'] as const,
  profiles: ['profiles'] as const,
};

export function useTwins() {
  return useQuery({
    queryKey: KEYS.twins,
    queryFn: ({ signal }) => call('listTwins', {}, signal),
    select: (reply) => reply.twins,
  });
}

export function useTwinView(id: string | undefined, asOf: AsOf) {
  return useQuery({
    queryKey: KEYS.twin(id ?? '', asOf),
    queryFn: async ({ signal }) => {
      const view = await call('viewTwin', { params: { twin: id ?? '' }, query: asOf }, signal);
      openAhead(blobReader, chosenVolume(view));
      return view;
    },
    enabled: id !== undefined,
    placeholderData: (before) => (before?.twin.id === id ? before : undefined),
  });
}

export function useJobs() {
  return useQuery({
    queryKey: KEYS.jobs,
    queryFn: ({ signal }) => call('listJobs', {}, signal),
    select: (reply) => reply.jobs,
  });
}

export function useCatalogue() {
  return useQuery({
    queryKey: KEYS.catalogue,
    queryFn: ({ signal }) => call('catalogue', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const NO_DEFINITIONS: readonly WireFeatureDefinition[] = [];

/** The feature dictionary by id. */
export function useDefinitions(): ReadonlyMap<string, WireFeatureDefinition> {
  const { data } = useCatalogue();
  const features = data?.features ?? NO_DEFINITIONS;
  return useMemo(() => new Map(features.map((definition) => [definition.id, definition])), [features]);
}

function useDocument<T>(artifact: WireArtifact | undefined, shape: (json: unknown) => T): T | undefined {
  const sha256 = artifact?.blobs[0]?.sha256;
  const { data } = useQuery({
    queryKey: ['blob', sha256 ?? ''],
    queryFn: ({ signal }) => blobReader.json(sha256 ?? '', signal),
    enabled: sha256 !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => (data === undefined ? undefined : shape(payloadOf(data))), [data, shape]);
}

/** Several stored JSON documents, as many as have arrived. */
export function useDocuments<T>(artifacts: readonly WireArtifact[]): readonly T[] {
  return useQueries({
    queries: artifacts.map(({ blobs }) => ({
      queryKey: ['blob', blobs[0]?.sha256 ?? ''],
      queryFn: ({ signal }: { signal: AbortSignal }) => blobReader.json(blobs[0]?.sha256 ?? '', signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: gather,
  }) as readonly T[];
}

function gather(results: readonly { data: unknown }[]): readonly unknown[] {
  return results.filter(({ data }) => data !== undefined).map(({ data }) => payloadOf(data));
}

/** Landmarks and centre line of the column of a twin. */
export function useSpine(view: TwinView | undefined): {
  spine: SpineLandmarks | undefined;
  curve: SpineCurve | undefined;
} {
  const spine = useDocument(newest(view, 'landmarks.vertebra'), asLandmarks);
  const curve = useDocument(newest(view, 'curve.spine'), asCurve);
  return { spine, curve };
}

/** Places for electrodes on the patient's own skin. */
export function useElectrodes(view: TwinView | undefined): SpineLandmarks | undefined {
  return useDocument(newest(view, 'landmarks.electrodes'), asLandmarks);
}

/** The last artifact of a kind. */
function newest(view: TwinView | undefined, kind: string): WireArtifact | undefined {
  return view?.artifacts.findLast((artifact) => artifact.kind === kind);
}

function asLandmarks(json: unknown): SpineLandmarks {
  const given = json as Partial<SpineLandmarks>;
  return { frame: 'patient', points: given.points ?? [], planes: given.planes ?? [], vertebrae: given.vertebrae ?? [] };
}

function asCurve(json: unknown): SpineCurve {
  const given = json as Record<keyof SpineCurve, unknown>;
  const numbers = (value: unknown): Float64Array => Float64Array.from((value as ArrayLike<number>) ?? []);
  return {
    frame: 'patient',
    points: numbers(given.points),
    arcLengthMm: numbers(given.arcLengthMm),
    curvature: numbers(given.curvature),
    torsion: numbers(given.torsion),
    stations: (given.stations as SpineCurve['stations']) ?? [],
  };
}

/** Brings one event of the stream into the caches. */
export function applyEvent(event: WireEvent): void {
  switch (event.type) {
    case 'hello':
      // after a gap in the stream everything may have moved
      void queryClient.invalidateQueries({ queryKey: KEYS.twins });
      void queryClient.invalidateQueries({ queryKey: ['twin'] });
      void queryClient.invalidateQueries({ queryKey: KEYS.jobs });
      void queryClient.invalidateQueries({ queryKey: ['assessment'] });
      void queryClient.invalidateQueries({ queryKey: ['assessments'] });
      for (const key of ['inference-desk', 'decisions', 'like-patients', 'inference-model', 'inference-cohorts'])
        void queryClient.invalidateQueries({ queryKey: [key] });
      break;
    case 'job':
      queryClient.setQueryData<{ jobs: WireJob[] }>(KEYS.jobs, (before) => {
        const rest = (before?.jobs ?? []).filter((job) => job.id !== event.job.id);
        return { jobs: [event.job, ...rest].sort((a, b) => b.createdAt.localeCompare(a.createdAt)) };
      });
      if (event.job.twin && event.job.state !== 'running' && event.job.state !== 'queued') refreshTwin(event.job.twin);
      break;
    case 'snapshot':
      refreshTwin(event.twin);
      break;
    case 'twin':
      void queryClient.invalidateQueries({ queryKey: KEYS.twins });
      break;
    case 'assessment':
      void queryClient.invalidateQueries({ queryKey: ['assessment', event.twin] });
      void queryClient.invalidateQueries({ queryKey: ['assessments', event.twin] });
      void queryClient.invalidateQueries({ queryKey: ['inference-desk', event.twin] });
      void queryClient.invalidateQueries({ queryKey: ['decisions', event.twin] });
      void queryClient.invalidateQueries({ queryKey: ['like-patients', event.twin] });
      break;
  }
}

export function refreshTwin(id: string): void {
  void queryClient.invalidateQueries({ queryKey: ['twin', id] });
  void queryClient.invalidateQueries({ queryKey: KEYS.twins });
}
