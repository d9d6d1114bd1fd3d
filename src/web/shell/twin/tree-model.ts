/** The twin as a tree: scales, what came in and what was made of it, each with its state. */

import type { TwinView, WireAcquisition, WireArtifact, WireCatalogue } from '../../../contract/index.ts';
import { SCALES, type Scale } from '../../../model/index.ts';

export type NodeState = 'running' | 'fault' | 'doubt' | 'stale' | 'fine';

export interface TreeGroup {
  key: string;
  name: string;
  /** a word or a number behind the name */
  tag?: string;
  kind: string;
  artifacts: readonly WireArtifact[];
  state: NodeState;
}

export interface TreeScale {
  scale: Scale;
  acquisitions: readonly { acquisition: WireAcquisition; state: NodeState }[];
  groups: readonly TreeGroup[];
}

/** What several artifacts of a kind are called together. */
const KIND_NAMES: Record<string, string> = {
  'volume.ct': 'CT',
  'volume.mr': 'MR',
  'volume.other': 'Volume',
  'mesh.skin': 'Skin',
  'mesh.bone': 'Bone',
  'mesh.vertebra': 'Vertebrae',
  'mesh.intervertebral-space': 'Intervertebral spaces',
  'mesh.other': 'Surfaces',
  'curve.spine': 'Centre line',
  'landmarks.vertebra': 'Landmarks',
  'landmarks.keypoints': 'Keypoints',
  'landmarks.electrodes': 'Electrode sites',
  'labelmap.vertebrae': 'Vertebra labels',
  'labelmap.bodies': 'Body labels',
  'labelmap.discs': 'Disc labels',
  'labelmap.anatomy': 'Anatomy labels',
  'labelmap.bone': 'Bone labels',
  'labelmap.body': 'Body outline',
  'labelmap.source': 'Labels as they came',
  'sequence.skeleton': 'Skeletons',
  'sequence.markers': 'Markers',
  'sequence.mesh': 'Moving surfaces',
  'sequence.cloud': 'Point clouds',
  'sequence.depth': 'Depth pictures',
  'signal.angle': 'Angles',
  'signal.emg': 'EMG',
  'signal.force': 'Forces',
  'signal.imu': 'Inertial sensors',
  'signal.orientation': 'Orientations',
  'signal.measure': 'Curves',
  'signal.other': 'Other channels',
  events: 'Events',
  clocks: 'Clocks',
  'table.matrix': 'Matrices',
  'table.landmarks2d': 'Film landmarks',
  'table.record': 'Tables',
  'record.clinical': 'Clinical record',
  'graph.patient': 'Patient graph',
  document: 'Documents',
};

function kindName(kind: string): string {
  return KIND_NAMES[kind] ?? kind;
}

const SCALE_OF_KIND: Record<string, Scale> = { 'mesh.skin': 'macro', 'labelmap.body': 'macro' };
const RANK: readonly NodeState[] = ['running', 'fault', 'doubt', 'stale', 'fine'];

function worst(states: readonly NodeState[]): NodeState {
  return RANK.find((state) => states.includes(state)) ?? 'fine';
}

export function stateOfArtifact(artifact: WireArtifact, plan: TwinView['plan']): NodeState {
  const step = plan.find(({ capability }) => capability === artifact.provenance.capability);
  const states: NodeState[] = [qualityState(artifact.quality)];
  if (step?.state === 'running') states.push('running');
  if (step?.state === 'stale') states.push('stale');
  return worst(states);
}

function qualityState(quality: WireArtifact['quality']): NodeState {
  if (quality.some(({ severity }) => severity === 'fault')) return 'fault';
  return quality.some(({ severity }) => severity === 'doubt') ? 'doubt' : 'fine';
}

/** Scale of an artifact: its kind's, its maker's, or that of what it came from. */
function scaleOf(artifact: WireArtifact, view: TwinView, catalogue: WireCatalogue | undefined): Scale {
  const fixed = SCALE_OF_KIND[artifact.kind];
  if (fixed) return fixed;
  const maker = catalogue?.capabilities.find(({ id }) => id === artifact.provenance.capability);
  const source = view.acquisitions.find(({ id }) => id === artifact.acquisition);
  const named = [...(maker?.scales ?? []), ...(source?.scales ?? [])][0];
  return SCALES.includes(named as Scale) ? (named as Scale) : 'meso';
}

export function buildTree(view: TwinView, catalogue: WireCatalogue | undefined): TreeScale[] {
  return SCALES.map((scale) => {
    const acquisitions = view.acquisitions
      .filter((acquisition) => (acquisition.scales[0] ?? 'macro') === scale)
      .map((acquisition) => ({ acquisition, state: qualityState(acquisition.quality) }));
    const own = view.artifacts.filter((artifact) => scaleOf(artifact, view, catalogue) === scale);
    const kinds = [...new Set(own.map(({ kind }) => kind))].sort((a, b) => kindOrder(a) - kindOrder(b));
    const groups = kinds.map((kind): TreeGroup => {
      const artifacts = own.filter((artifact) => artifact.kind === kind);
      const state = worst(artifacts.map((artifact) => stateOfArtifact(artifact, view.plan)));
      return {
        key: `${scale}:${kind}`,
        kind,
        name: artifacts.length === 1 ? artifacts[0].name : kindName(kind),
        tag:
          artifacts.length === 1
            ? kind.startsWith('labelmap.') && !/label/i.test(artifacts[0].name)
              ? 'labels'
              : undefined
            : String(artifacts.length),
        artifacts,
        state,
      };
    });
    return { scale, acquisitions, groups };
  });
}

function kindOrder(kind: string): number {
  const at = Object.keys(KIND_NAMES).indexOf(kind);
  return at < 0 ? 99 : at;
}

/** Kinds that scenes and slices can show or hide. */
export function isLayer(kind: string): boolean {
  return (
    kind.startsWith('mesh.') ||
    kind.startsWith('volume.') ||
    kind.startsWith('signal.') ||
    kind.startsWith('sequence.') ||
    kind === 'labelmap.vertebrae' ||
    kind === 'labelmap.bodies' ||
    kind === 'labelmap.discs' ||
    kind === 'labelmap.anatomy' ||
    kind === 'labelmap.bone' ||
    kind === 'labelmap.body' ||
    kind === 'curve.spine' ||
    kind === 'landmarks.vertebra' ||
    kind === 'landmarks.electrodes'
  );
}
