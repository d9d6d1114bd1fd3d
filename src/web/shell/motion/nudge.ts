/** A clock moved by hand: a parameter of the alignment's own run, so that everything after it follows, and a step that can be undone. */

import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import type { ClockMap } from '../../../model/index.ts';
import { call } from '../../state/client.ts';
import { toast } from '../../state/toasts.ts';
import { noteStep, undo } from '../../state/undo.ts';

/** Adds `byS` to the offset of a clock. */
export async function nudgeClock(
  view: TwinView,
  artifact: WireArtifact | undefined,
  map: ClockMap,
  byS: number,
): Promise<void> {
  if (!artifact) return;
  const by = (seconds: number) => runWith(view.twin.id, artifact, map.from, seconds);
  await by(byS);
  noteStep({ title: `nudge ${map.from}`, undo: () => by(-byS), redo: () => by(byS) });
  const text = `${map.from} moved by ${(1000 * byS).toFixed(0)} ms. What follows from it is being made again.`;
  toast(text, { action: { name: 'Undo', run: () => void undo() } });
}

/** Nudges ride as text, `imu=0.010; emg=-0.020`, in the parameters of the run that made the maps. */
async function runWith(twin: string, before: WireArtifact, clock: string, byS: number): Promise<void> {
  const now = await call('viewTwin', { params: { twin } });
  // every nudge makes a new alignment; it is the one of the same recordings
  const recordings = JSON.stringify(before.provenance.inputs);
  const clocks = now.artifacts.findLast(
    ({ kind, provenance }) => kind === 'clocks' && JSON.stringify(provenance.inputs) === recordings,
  );
  if (!clocks) return;
  const { capability, params, inputs } = clocks.provenance;
  const nudges = parseNudges(String(params.nudges ?? ''));
  nudges.set(clock, Number(((nudges.get(clock) ?? 0) + byS).toFixed(6)));
  await call('runCapability', {
    params: { twin },
    body: { capability, inputs, params: { ...params, nudges: formatNudges(nudges) } },
  });
}

export function parseNudges(text: string): Map<string, number> {
  const pairs = text.split(';').map((part) => part.split('='));
  return new Map(
    pairs
      .map(([name, seconds]) => [name?.trim() ?? '', Number(seconds)] as const)
      .filter(([name, seconds]) => name !== '' && Number.isFinite(seconds)),
  );
}

export function formatNudges(nudges: ReadonlyMap<string, number>): string {
  return [...nudges]
    .filter(([, seconds]) => seconds !== 0)
    .map(([name, seconds]) => `${name}=${seconds}`)
    .join('; ');
}
