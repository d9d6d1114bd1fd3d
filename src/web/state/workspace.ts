/** What the scenes of one twin show: crosshair, grey window, layers, choice, tool. One store, so that all of them stay linked. */

import { create } from 'zustand';
import type { WireArtifact } from '../../contract/index.ts';
import type { AnatomicalPlane, Vec3 } from '../../model/index.ts';
import { levelColour, type Rgb } from '../kit/colour.ts';
import type { MeasureTool, Selection } from '../kit/panel.ts';
import type { GreyWindow } from '../views/slice/window.ts';

export interface Layer {
  visible: boolean;
  /** 0 to 1 */
  opacity: number;
  colour: Rgb;
}

export type SceneId = 'scene' | 'axial' | 'sagittal' | 'coronal';

/** A wish that views fulfil once: look there. */
export interface LookRequest {
  at: Vec3;
  radiusMm: number;
  /** plane in which it is seen best; the scene turns to it */
  plane?: AnatomicalPlane;
  nonce: number;
}

export interface Workspace {
  twin: string | undefined;
  crosshair: Vec3 | undefined;
  window: GreyWindow | undefined;
  /** what the reader changed; everything else is as its kind has it */
  layers: Readonly<Record<string, Partial<Layer>>>;
  /** artifact id of the volume in the slices; the newest by default */
  volume: string | undefined;
  selection: Selection;
  tool: MeasureTool | undefined;
  maximised: SceneId | undefined;
  look: LookRequest | undefined;
  panel: string | undefined;
  crosshairShown: boolean;
  /** lanes of the motion screen that the reader showed or hid, by their id */
  lanes: Readonly<Record<string, boolean>>;
}

const FRESH: Omit<Workspace, 'twin'> = {
  crosshair: undefined,
  window: undefined,
  layers: {},
  volume: undefined,
  selection: {},
  tool: undefined,
  maximised: undefined,
  look: undefined,
  panel: undefined,
  crosshairShown: true,
  lanes: {},
};

export const useWorkspace = create<Workspace>(() => ({ twin: undefined, ...FRESH }));

/** Begins anew when another twin is opened. */
export function openWorkspace(twin: string | undefined, first: Partial<Workspace> = {}): void {
  if (useWorkspace.getState().twin !== twin) useWorkspace.setState({ twin, ...FRESH, ...first });
}

export function setWorkspace(part: Partial<Workspace>): void {
  useWorkspace.setState(part);
}

let nonce = 0;

/** Moves the crosshair to a place and asks all views to show it. */
export function lookAt(at: Vec3, radiusMm: number, plane?: AnatomicalPlane): void {
  useWorkspace.setState({ crosshair: at, look: { at, radiusMm, plane, nonce: ++nonce } });
}

export function changeLayer(id: string, part: Partial<Layer>): void {
  useWorkspace.setState(({ layers }) => ({ layers: { ...layers, [id]: { ...layers[id], ...part } } }));
}

const BONE: Rgb = [231, 220, 199];
const SKIN: Rgb = [214, 170, 146];
const SPACE: Rgb = [132, 186, 214];
/** seen on light ground and on dark */
const JOINTS: Rgb = [205, 142, 66];
const OTHER: Rgb = [190, 196, 202];

/** How a layer looks before anybody touches it. */
function defaultLayer(artifact: WireArtifact, all: readonly WireArtifact[]): Layer {
  const has = (kind: string): boolean => all.some((a) => a.kind === kind);
  switch (artifact.kind) {
    case 'mesh.skin':
      return { visible: true, opacity: 0.16, colour: SKIN };
    case 'mesh.vertebra':
      return { visible: true, opacity: 1, colour: BONE };
    case 'mesh.bone':
      // the bone of the threshold holds the vertebrae too
      return {
        visible: !has('mesh.vertebra') || /hip|pelvis|sacrum|femur/i.test(artifact.name),
        opacity: 1,
        colour: BONE,
      };
    case 'mesh.intervertebral-space':
      return { visible: true, opacity: 0.75, colour: SPACE };
    case 'labelmap.vertebrae':
      return { visible: true, opacity: 0.5, colour: levelColour('L3') };
    case 'curve.spine':
      return { visible: true, opacity: 1, colour: SPACE };
    case 'landmarks.vertebra':
      return { visible: false, opacity: 1, colour: OTHER };
    case 'landmarks.electrodes':
      // where muscles were recorded, the reader wants to see where from
      return { visible: has('signal.emg'), opacity: 1, colour: OTHER };
    case 'sequence.depth':
    case 'sequence.cloud':
    case 'sequence.mesh':
      return { visible: !isStill(artifact) && !hasMeasuredCopy(artifact, all), opacity: 1, colour: OTHER };
    case 'sequence.skeleton':
    case 'sequence.markers':
      return { visible: true, opacity: 1, colour: artifact.kind === 'sequence.skeleton' ? JOINTS : SPACE };
    default:
      return {
        visible: /^(mesh|volume|signal|sequence)\./.test(artifact.kind),
        opacity: artifact.kind.startsWith('labelmap.') ? 0.5 : 1,
        colour: OTHER,
      };
  }
}

/** A cloud of one moment, such as the space that was moved through, or of a body's key points alone: shown when it is asked for. */
function isStill({ kind, name, summary }: WireArtifact): boolean {
  return kind === 'sequence.cloud' && (summary.frames === 1 || /^key points/i.test(name));
}

/** The same body with its speed stands for it. */
function hasMeasuredCopy(artifact: WireArtifact, all: readonly WireArtifact[]): boolean {
  return all.some(
    (other) =>
      other.id !== artifact.id &&
      /^sequence\.(mesh|cloud)$/.test(other.kind) &&
      !isStill(other) &&
      Object.values(other.provenance.inputs).flat().includes(artifact.id),
  );
}

export function layerOf(artifact: WireArtifact, all: readonly WireArtifact[], changed: Workspace['layers']): Layer {
  return { ...defaultLayer(artifact, all), ...changed[artifact.id] };
}
