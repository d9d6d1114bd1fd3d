/** Labels from TotalSegmentator, where the server has it. */

import type { TwinView, WireCatalogue } from '../../contract/index.ts';
import { call, recordOf } from './client.ts';
import { toast } from './toasts.ts';

/** A scan is there, vertebra labels are not: the step that most else waits for. */
export function unlabelled(view: TwinView): boolean {
  return hasScan(view) && !view.artifacts.some(({ kind }) => kind === 'labelmap.vertebrae');
}

export function hasScan(view: TwinView): boolean {
  return view.artifacts.some(({ kind }) => kind === 'volume.ct' || kind === 'volume.mr');
}

/** Why TotalSegmentator cannot run here; undefined where it can. */
export function whyNoSegmentation(view: TwinView, catalogue: WireCatalogue | undefined): string | undefined {
  if (!hasScan(view)) return 'It needs a CT or MR, and this twin has none yet.';
  const found = catalogue?.tools.some(({ id, found }) => id === 'totalsegmentator' && found);
  return found
    ? undefined
    : 'TotalSegmentator is not on the PATH of the server. Drop a segmentation of this scan instead.';
}

export function startSegmentation(twin: string): void {
  call('segmentTwin', { params: { twin }, body: {} }).then(
    () => toast('TotalSegmentator is labelling the scan. It takes minutes; the jobs menu shows how far it is.'),
    (error: unknown) => toast('TotalSegmentator could not be started', { error: recordOf(error) }),
  );
}
