/** Which volume the slices show. */

import type { TwinView, WireArtifact } from '../../../contract/index.ts';

export function volumesOf(view: TwinView): WireArtifact[] {
  return view.artifacts.filter((artifact) => artifact.kind.startsWith('volume.'));
}

/** The volume in the slices: the chosen one, or the newest CT, or the newest of any kind. */
export function chosenVolume(view: TwinView, id?: string): WireArtifact | undefined {
  const volumes = volumesOf(view);
  return (
    volumes.find((volume) => volume.id === id) ??
    volumes.findLast((volume) => volume.kind === 'volume.ct') ??
    volumes.at(-1)
  );
}
