/** What the spine screen draws, gathered from the twin, the layers and the choice. */

import { useMemo } from 'react';
import type { TwinView, WireArtifact, WireFeatureDefinition } from '../../../contract/index.ts';
import {
  type AnatomicalPlane,
  type SpineCurve,
  type SpineLandmarks,
  UNIT_TEXT,
  type Unit,
  type Vec3,
} from '../../../model/index.ts';
import { evidenceOverlay, levelOverlay, type Overlay } from '../../kit/overlay.ts';
import type { MeasureTool, Selection } from '../../kit/panel.ts';
import { addMeasurement, useMeasurements } from '../../state/measurements.ts';
import { useElectrodes } from '../../state/queries.ts';
import {
  type Layer,
  layerOf,
  lookAt,
  type SceneId,
  setWorkspace,
  useWorkspace,
  type Workspace,
} from '../../state/workspace.ts';
import type { SceneSurface } from '../../views/scene3d/scene-surfaces.tsx';

const CHOSEN_BONE = [124, 192, 242] as const;
/** Label maps in the order in which a slice would rather show them. */
const LABEL_KINDS = [
  'labelmap.vertebrae',
  'labelmap.bodies',
  'labelmap.discs',
  'labelmap.anatomy',
  'labelmap.bone',
  'labelmap.body',
  'labelmap.source',
];

export interface ShownLabels {
  artifact: WireArtifact;
  layer: Layer;
}

export function shownLabels(view: TwinView, layers: Workspace['layers']): ShownLabels | undefined {
  for (const kind of LABEL_KINDS) {
    const artifact = view.artifacts.findLast((a) => a.kind === kind);
    const layer = artifact ? layerOf(artifact, view.artifacts, layers) : undefined;
    if (artifact && layer?.visible) return { artifact, layer };
  }
  return undefined;
}

export function sceneSurfaces(view: TwinView, layers: Workspace['layers'], level: string | undefined): SceneSurface[] {
  const meshes = view.artifacts.filter(
    (artifact) => artifact.kind.startsWith('mesh.') && artifact.blobs.some((blob) => blob.name.endsWith('.glb')),
  );
  const names = level?.split('-') ?? [];
  const spine = meshes.some((artifact) => artifact.kind === 'mesh.vertebra');
  return meshes.flatMap((artifact) => {
    const layer = layerOf(artifact, view.artifacts, layers);
    const blob = artifact.blobs.find((b) => b.name.endsWith('.glb'));
    if (!layer.visible || !blob) return [];
    const chosen = artifact.kind === 'mesh.vertebra' && names.includes(artifact.level ?? '');
    return {
      id: artifact.id,
      sha256: blob.sha256,
      name: artifact.name,
      level: artifact.level,
      colour: chosen ? CHOSEN_BONE : layer.colour,
      opacity: layer.opacity,
      look: artifact.kind === 'mesh.skin' && layer.opacity < 0.6 ? ('glass' as const) : ('solid' as const),
      framed: !spine || artifact.kind === 'mesh.vertebra',
    };
  });
}

/** Text of a volume's unit; nothing where the source does not say. */
export function unitOf(artifact: WireArtifact | undefined): string {
  return artifact?.unit ? (UNIT_TEXT[artifact.unit as Unit] ?? artifact.unit) : '';
}

/** Where the slices begin: in L3, or in the middle of what there is of the column. */
export function firstPlaceOf(spine: SpineLandmarks | undefined): Vec3 | undefined {
  const vertebrae = spine?.vertebrae ?? [];
  return (vertebrae.find(({ level }) => level === 'L3') ?? vertebrae[Math.floor(vertebrae.length / 2)])?.centre;
}

interface Drawing {
  spine: SpineLandmarks | undefined;
  curve: SpineCurve | undefined;
  definitions: ReadonlyMap<string, WireFeatureDefinition>;
}

/** The drawing of what is chosen. */
function selectionOverlay(view: TwinView, selection: Selection, { spine, definitions }: Drawing): Overlay | undefined {
  const feature = selection.feature ? view.features.find((f) => f.id === selection.feature) : undefined;
  if (feature) return evidenceOverlay(feature, definitions.get(feature.definition), spine);
  if (!selection.level) return undefined;
  const overlay = levelOverlay(selection.level, spine);
  return overlay.focus ? overlay : { ...overlay, focus: placeOfLevel(view, selection.level) };
}

/** Where a level lies by the numbers measured of it, while its landmarks are still being made. */
function placeOfLevel(view: TwinView, level: string): Overlay['focus'] {
  for (const feature of view.features) {
    if (feature.level !== level) continue;
    const at = feature.evidence
      .map(({ locator }) => locator.xyz ?? locator.points?.[0])
      .find((place) => place !== undefined);
    if (at) return { at, radiusMm: 55 };
  }
  return undefined;
}

export function useOverlays(view: TwinView, drawing: Drawing): { inSlices: Overlay[]; inScene: Overlay[] } {
  const selection = useWorkspace((state) => state.selection);
  const layers = useWorkspace((state) => state.layers);
  const { spine, curve, definitions } = drawing;
  const chosen = useMemo(
    () => selectionOverlay(view, selection, { spine, curve, definitions }),
    [view, selection, spine, curve, definitions],
  );
  const electrodes = useElectrodes(view);
  const standing = useMemo(() => {
    const shown = (kind: string): boolean => {
      const artifact = view.artifacts.findLast((a) => a.kind === kind);
      return artifact !== undefined && layerOf(artifact, view.artifacts, layers).visible;
    };
    const list: Overlay[] = [];
    if (curve && shown('curve.spine')) list.push(curveOverlay(curve));
    if (spine && shown('landmarks.vertebra'))
      list.push({
        id: 'landmarks',
        title: 'Landmarks',
        tone: 'quiet',
        items: spine.points.map(({ xyz }) => ({ type: 'point', at: xyz })),
      });
    if (electrodes && shown('landmarks.electrodes')) list.push(electrodeOverlay(electrodes));
    return list;
  }, [view, layers, curve, spine, electrodes]);
  return useMemo(() => {
    const inScene = chosen ? [...standing, chosen] : standing;
    return { inScene, inSlices: inScene.filter(({ id }) => id !== 'curve') };
  }, [standing, chosen]);
}

/** Pairs of electrodes as a line between them, named at their middle, and the midline they are measured from. */
function electrodeOverlay({ points }: SpineLandmarks): Overlay {
  const at = new Map(points.map(({ id, xyz }) => [id, xyz]));
  const items = points.flatMap(({ id, xyz }): Overlay['items'] => {
    const [upper, lower] = [at.get(`${id}.upper`), at.get(`${id}.lower`)];
    if (!upper || !lower) return id.endsWith('.midlineSkin') ? [{ type: 'point', at: xyz }] : [];
    return [
      { type: 'point', at: xyz, label: id },
      { type: 'line', from: upper, to: lower },
    ];
  });
  return { id: 'electrodes', title: 'Electrode sites', tone: 'quiet', items };
}

function curveOverlay(curve: SpineCurve): Overlay {
  const points: Vec3[] = [];
  for (let o = 0; o + 2 < curve.points.length; o += 3)
    points.push([curve.points[o], curve.points[o + 1], curve.points[o + 2]]);
  return { id: 'curve', title: 'Centre line', tone: 'quiet', items: [{ type: 'path', points }] };
}

/** Chooses something and takes all views to it. */
export function chooseAndLook(view: TwinView, selection: Selection, drawing: Drawing): void {
  setWorkspace({ selection });
  if (selection.measurement) {
    const item = useMeasurements.getState().items.find(({ id }) => id === selection.measurement);
    const points = (item?.points ?? []) as Vec3[];
    if (points.length > 0) {
      const sum = points.reduce<[number, number, number]>((s, p) => [s[0] + p[0], s[1] + p[1], s[2] + p[2]], [0, 0, 0]);
      lookAt([sum[0] / points.length, sum[1] / points.length, sum[2] / points.length], 60);
    }
    return;
  }
  const overlay = selectionOverlay(view, selection, drawing);
  // an angle is seen in its own plane; a vertebra is looked at from where the reader stands
  const turn = overlay?.items.some(({ type }) => type === 'line') ? overlay.plane : undefined;
  if (overlay?.focus) lookAt(overlay.focus.at, overlay.focus.radiusMm, turn);
}

/** Keeps a measurement that a hand has finished, and shows it in the list. */
export function finishMeasurement(
  type: MeasureTool,
  points: readonly Vec3[],
  plane: AnatomicalPlane | '3d',
  artifact: string | undefined,
): void {
  const id = addMeasurement(type, points, plane, artifact);
  setWorkspace({ selection: { measurement: id }, panel: 'measure' });
}

export function toggleMaximised(id: SceneId): void {
  setWorkspace({ maximised: useWorkspace.getState().maximised === id ? undefined : id });
}
