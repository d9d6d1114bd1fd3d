/** What can stand on the stage of a session: bodies, the patient's own bones, force plates. */

import { useMemo } from 'react';
import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import type { MotionSession } from '../../kit/motion.ts';
import { changeLayer, layerOf, useWorkspace } from '../../state/workspace.ts';
import type { StageLayer } from '../../views/motion/stage/stage-layers.tsx';
import { OWN_BONES, type OwnBones } from './use-own-bones.ts';
import { FORCES, type Plates } from './use-plates.ts';

const NAMES: Record<string, string> = {
  'sequence.skeleton': 'Skeleton',
  'sequence.markers': 'Markers',
  'sequence.mesh': 'Surface',
  'sequence.cloud': 'Points',
  'sequence.depth': 'Depth',
};

/** A word for each body; several of a kind are numbered, what was measured of one says so. */
export function layerNames(
  bodies: readonly Pick<WireArtifact, 'kind' | 'name' | 'summary' | 'provenance'>[],
): string[] {
  const plain = bodies.map(({ kind, name, summary, provenance }) => {
    const word = NAMES[kind] ?? kind;
    if (provenance.capability !== 'video-kinematics') return word;
    // a space, a path and key points are what they are called, a body is told from the one that was measured
    const isBody =
      kind === 'sequence.mesh' || (kind === 'sequence.cloud' && summary.frames !== 1 && /speed/i.test(name));
    return isBody ? `${word} with speed` : name;
  });
  return plain.map((name, i) => {
    const alike = plain.filter((one) => one === name).length;
    return alike > 1 ? `${name} ${plain.slice(0, i + 1).filter((one) => one === name).length}` : name;
  });
}

export function useStageLayers(
  view: TwinView,
  session: MotionSession | undefined,
  bones: OwnBones,
  plates: Plates,
): readonly StageLayer[] {
  const layers = useWorkspace((state) => state.layers);
  const { shown: bonesShown, missing } = bones;
  const { shown: forcesShown, present: anyPlates } = plates;
  return useMemo(() => {
    const bodies = (session?.artifacts ?? []).filter(({ kind }) => kind.startsWith('sequence.'));
    const names = layerNames(bodies);
    const list = bodies.map((artifact, i): StageLayer => {
      const { visible } = layerOf(artifact, view.artifacts, layers);
      return layer(artifact.id, names[i], artifact.name, visible);
    });
    if (bodies.length > 0 || missing === undefined)
      list.push({
        ...layer(OWN_BONES, 'Own bones', missing ?? 'Bones of the CT, moved by measured segments', bonesShown),
        possible: missing === undefined,
      });
    if (anyPlates) list.push(layer(FORCES, 'Forces', 'Force plates and ground reactions', forcesShown));
    return list;
  }, [session, layers, view.artifacts, bonesShown, missing, forcesShown, anyPlates]);
}

function layer(id: string, name: string, title: string, shown: boolean): StageLayer {
  return { id, name, title, shown, possible: true, toggle: () => changeLayer(id, { visible: !shown }) };
}
