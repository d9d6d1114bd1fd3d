/** The scenes of the spine screen, side by side, linked by one crosshair. */

import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { messageOf } from '../../../model/index.ts';
import type { Overlay } from '../../kit/overlay.ts';
import { moveMeasurement, useMeasurements } from '../../state/measurements.ts';
import { type Layout, usePreferences } from '../../state/preferences.ts';
import { type SceneId, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import type { SceneViewHandle } from '../../views/scene3d/scene-view.tsx';
import { chosenVolume } from '../../views/slice/chosen-volume.ts';
import type { LabelLayer } from '../../views/slice/slice-picture.ts';
import { SliceView, type SliceViewHandle } from '../../views/slice/slice-view.tsx';
import { useVolume } from '../../views/slice/use-volume.ts';
import { firstWindow, type GreyWindow } from '../../views/slice/window.ts';
import { SceneCell } from './scene-cell.tsx';
import { finishMeasurement, shownLabels, toggleMaximised, unitOf } from './scene-data.ts';
import classes from './scene-grid.module.css';

export interface SceneHandles {
  scene: SceneViewHandle | null;
  axial: SliceViewHandle | null;
  sagittal: SliceViewHandle | null;
  coronal: SliceViewHandle | null;
  grid: HTMLDivElement | null;
}

export interface SceneGridProps {
  view: TwinView;
  overlays: { inSlices: Overlay[]; inScene: Overlay[] };
  handles: RefObject<SceneHandles>;
  /** where the slices begin: the middle of the column rather than of the picture */
  firstPlace: Vec3 | undefined;
  /** one scene at a time, whatever the layout */
  only?: SceneId;
}

const SLICES = ['axial', 'sagittal', 'coronal'] as const;
const FACING = { sagittal: 'L', coronal: 'A', axial: 'I' } as const;
const NO_WINDOW: GreyWindow = { width: 1000, level: 200 };

function isShown(id: SceneId, layout: Layout, alone: SceneId | undefined): boolean {
  if (alone) return alone === id;
  return layout !== 'slices' || id !== 'scene';
}

export function SceneGrid({ view, overlays, handles, firstPlace, only }: SceneGridProps) {
  const layout = usePreferences((state) => state.layout);
  const outline = usePreferences((state) => state.labelsOutline);
  const state = useWorkspace();
  const measurements = useMeasurements((store) => store.items);
  const artifact = chosenVolume(view, state.volume);
  const labelled = shownLabels(view, state.layers);
  const { source: volume, error } = useVolume(artifact, state.crosshair ?? firstPlace);
  const { source: marks } = useVolume(labelled?.artifact, state.crosshair ?? firstPlace);
  const alone = only ?? state.maximised ?? (layout === 'single' ? 'scene' : undefined);
  const guess = useMemo(
    () => (volume && artifact ? firstWindow(volume, artifact.kind) : NO_WINDOW),
    [volume, artifact],
  );
  const level = state.selection.level;
  const [pictured, setPictured] = useState(false);
  const waits = !pictured && artifact !== undefined && !error && alone !== 'scene';
  const opacity = labelled?.layer.opacity ?? 0;
  const labels = useMemo(
    (): LabelLayer | undefined => (marks ? { source: marks, opacity, outline, chosen: level } : undefined),
    [marks, opacity, outline, level],
  );
  useLookRequests(handles);
  const area = (id: SceneId): { className: string; style: { gridArea: string } } => ({
    className: `${classes.cell} ${isShown(id, layout, alone) ? '' : classes.away}`,
    style: { gridArea: alone ? 'one' : id },
  });
  return (
    <div
      ref={(element) => void (handles.current.grid = element)}
      className={`${classes.grid} ${alone ? classes.single : classes[layout]}`}
    >
      <div {...area('scene')}>
        <SceneCell view={view} overlays={overlays.inScene} handles={handles} waits={waits} />
      </div>
      {SLICES.map((plane) => (
        <div key={plane} {...area(plane)}>
          <SliceView
            handle={(handle) => void (handles.current[plane] = handle)}
            plane={plane}
            volume={volume}
            unit={unitOf(artifact)}
            labels={labels}
            window={state.window ?? guess}
            crosshair={state.crosshair ?? firstPlace ?? volume?.centre}
            overlays={overlays.inSlices}
            measurements={measurements}
            chosenMeasurement={state.selection.measurement}
            tool={state.tool}
            presets={artifact?.kind === 'volume.ct'}
            maximised={state.maximised === plane}
            emptyText={emptyText(artifact !== undefined, error)}
            onWindow={(window) => setWorkspace({ window })}
            onCrosshair={(at) => setWorkspace({ crosshair: at })}
            onPick={pick}
            onMeasured={(type, points) => finishMeasurement(type, points, plane, artifact?.id)}
            onMeasureMoved={moveMeasurement}
            onMaximise={() => toggleMaximised(plane)}
            onPicture={() => setPictured(true)}
          />
        </div>
      ))}
    </div>
  );
}

function pick(at: Vec3, level: string | undefined): void {
  setWorkspace(level ? { crosshair: at, selection: { level } } : { crosshair: at });
}

function emptyText(known: boolean, error: unknown): string {
  if (error) return `The volume cannot be shown: ${messageOf(error)}`;
  return known ? 'Loading …' : 'No volume yet. Drop a CT or MR.';
}

/** Hands each new wish to look somewhere to all views. */
function useLookRequests(handles: RefObject<SceneHandles>): void {
  const look = useWorkspace((state) => state.look);
  const fulfilled = useRef(0);
  useEffect(() => {
    if (!look || fulfilled.current === look.nonce) return;
    fulfilled.current = look.nonce;
    if (look.plane) handles.current.scene?.view(FACING[look.plane]);
    for (const id of ['scene', ...SLICES] as const) handles.current[id]?.lookAt(look.at, look.radiusMm);
  }, [look, handles]);
}
