/** What the spine screen can be told to do: exports, label shift, a picture, a link, levels up and down. */

import type { TwinView, WireCatalogue } from '../../../contract/index.ts';
import { BYTE_PATHS } from '../../../contract/index.ts';
import { compareLevels, type VertebraLevel } from '../../../model/index.ts';
import { saveBlob } from '../../kit/download.ts';
import type { PanelActions } from '../../kit/panel.ts';
import { featureTable } from '../../kit/table/feature-table.ts';
import { saveTable } from '../../kit/table/table-file.ts';
import { call, fetchFile, fillPath, recordOf } from '../../state/client.ts';
import { jobEnd, jobFault } from '../../state/job-end.ts';
import { usePlace, viewToQuery, writePlace } from '../../state/place.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { KEYS, queryClient } from '../../state/queries.ts';
import { toast } from '../../state/toasts.ts';
import { noteStep, undo } from '../../state/undo.ts';
import { useWorkspace } from '../../state/workspace.ts';

async function download(path: string, fallback: string): Promise<void> {
  try {
    const { blob, name } = await fetchFile(path);
    saveBlob(blob, name ?? fallback);
  } catch (error) {
    toast('The export failed', { error: recordOf(error) });
  }
}

export function panelActions(view: TwinView): PanelActions {
  const { id, alias } = view.twin;
  return {
    async shiftLabels(artifact, by) {
      await shiftLabels(id, artifact, by);
      const back = (): Promise<void> => shiftLabels(id, artifact, -by);
      noteStep({ title: 'shift labels', undo: back, redo: () => shiftLabels(id, artifact, by) });
      toast('Labels shifted. Surfaces and numbers are being made again.', {
        action: { name: 'Undo', run: () => void undo() },
      });
    },
    async run(capability, params = {}) {
      try {
        const { job } = await call('runCapability', { params: { twin: id }, body: { capability, params } });
        const ended = await jobEnd(job);
        const fault = jobFault(ended);
        if (fault) toast(`${ended?.title ?? capability} did not succeed`, { error: fault });
        // what it made is there before its button can be pressed again
        await queryClient.invalidateQueries({ queryKey: ['twin', id] });
      } catch (error) {
        toast('It could not be started', { error: recordOf(error) });
      }
    },
    exportArtifact(artifact, format) {
      const name = view.artifacts.find((a) => a.id === artifact)?.name ?? 'artifact';
      void download(
        `${fillPath(BYTE_PATHS.exportArtifact, { artifact })}?format=${format}`,
        `${alias} ${name}.${format}`,
      );
    },
    exportFeatures(format) {
      if (format === 'xlsx' || format === 'parquet') {
        const catalogue = queryClient.getQueryData<WireCatalogue>(KEYS.catalogue);
        const definitions = new Map((catalogue?.features ?? []).map((one) => [one.id, one]));
        saveTable(featureTable(view.features, definitions), `${alias} features`, format).catch((error: unknown) =>
          toast('The export failed', { error: recordOf(error) }),
        );
        return;
      }
      const path = format === 'csv' ? BYTE_PATHS.featuresCsv : BYTE_PATHS.featuresJson;
      void download(fillPath(path, { twin: id }), `${alias} features.${format}`);
    },
  };
}

/** A shifted map is a new artifact: what is shifted back is the one that is current then. */
async function shiftLabels(twin: string, artifact: string, by: number): Promise<void> {
  const current = await call('viewTwin', { params: { twin } });
  const maps = current.artifacts.filter(({ kind }) => kind === 'labelmap.vertebrae');
  const target = maps.find(({ id }) => id === artifact) ?? maps.at(-1);
  if (!target) return;
  await call('shiftLabels', { params: { twin }, body: { artifact: target.id, by } });
}

export async function copyLink(): Promise<void> {
  const { crosshair, selection, window: grey } = useWorkspace.getState();
  const query = writePlace(
    usePlace.getState(),
    viewToQuery({ crosshair, selection, window: grey, layout: usePreferences.getState().layout }),
  );
  const url = `${location.origin}${location.pathname}${query}`;
  try {
    await navigator.clipboard.writeText(url);
    toast('Link copied. It opens this view for whoever may open this server.');
  } catch {
    // no clipboard on a plain-HTTP page: the address bar takes the link instead
    history.replaceState(null, '', query);
    toast('The link to this view is now in the address bar.');
  }
}

/** Levels of the column that are present, cranial to caudal. */
export function levelsOf(view: TwinView): VertebraLevel[] {
  const named = view.artifacts
    .filter(({ kind, level }) => kind === 'mesh.vertebra' && level)
    .map(({ level }) => level as VertebraLevel);
  const measured = view.features
    .map(({ level }) => level)
    .filter((level): level is VertebraLevel => level !== undefined && !level.includes('-'));
  return [...new Set([...named, ...measured])].sort(compareLevels);
}

export function nextLevel(
  levels: readonly VertebraLevel[],
  from: string | undefined,
  by: 1 | -1,
): VertebraLevel | undefined {
  if (levels.length === 0) return undefined;
  const at = levels.indexOf((from ?? '').split('-')[0] as VertebraLevel);
  if (at < 0) return by > 0 ? levels[0] : levels[levels.length - 1];
  return levels[Math.min(levels.length - 1, Math.max(0, at + by))];
}

export function togglePanel(): void {
  prefer({ panelOpen: !usePreferences.getState().panelOpen });
}
