/** The scenes of the spine screen, side by side, linked by one crosshair. */

import { useMantineColorScheme } from '@mantine/core';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import type { AnatomicalPlane, Vec3 } from '../../../model/index.ts';
import { Fence } from '../../kit/fence.tsx';
import type { Overlay } from '../../kit/overlay.ts';
import { addMeasurement, moveMeasurement, useMeasurements } from '../../state/measurements.ts';
import { type Layout, usePreferences } from '../../state/preferences.ts';
import { type SceneId, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { SceneView, type SceneViewHandle } from '../../views/scene3d/scene-view.tsx';
import type { LabelLayer } from '../../views/slice/slice-picture.ts';
import { SliceView, type SliceViewHandle } from '../../views/slice/slice-view.tsx';
import { useVolume } from '../../views/slice/use-volume.ts';
import { firstWindow, type GreyWindow } from '../../views/slice/window.ts';
import { chosenVolume, sceneSurfaces, shownLabels, unitOf } from './scene-data.ts';
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
  const { colorScheme } = useMantineColorScheme();
  const layout = usePreferences((state) => state.layout);
  const outline = usePreferences((state) => state.labelsOutline);
  const state = useWorkspace();
  const measurements = useMeasurements((store) => store.items);
  const artifact = chosenVolume(view, state.volume);
  const labelled = shownLabels(view, state.layers);
  const { source: volume, error } = useVolume(artifact, state.crosshair);
  const { source: marks } = useVolume(labelled?.artifact, state.crosshair);
  const alone = only ?? state.maximised ?? (layout === 'single' ? 'scene' : undefined);

  const guess = useMemo(
    () => (volume && artifact ? firstWindow(volume, artifact.kind) : NO_WINDOW),
    [volume, artifact],
  );
  const crosshair = state.crosshair ?? firstPlace ?? volume?.centre;
  const level = state.selection.level;
  const opacity = labelled?.layer.opacity ?? 0;
  const labels = useMemo(
    (): LabelLayer | undefined => (marks ? { source: marks, opacity, outline, chosen: level } : undefined),
    [marks, opacity, outline, level],
  );
  const surfaces = useMemo(() => sceneSurfaces(view, state.layers, level), [view, state.layers, level]);

  useLookRequests(handles);

  const onMeasured = useCallback(
    (type: Parameters<typeof addMeasurement>[0], points: readonly Vec3[], plane: AnatomicalPlane | '3d') => {
      const id = addMeasurement(type, points, plane, artifact?.id);
      setWorkspace({ selection: { measurement: id }, panel: 'measure' });
    },
    [artifact?.id],
  );
  const toggle = (id: SceneId): void => setWorkspace({ maximised: state.maximised === id ? undefined : id });
  const emptyText = error
    ? `The volume cannot be shown: ${error instanceof Error ? error.message : String(error)}`
    : artifact
      ? 'Loading …'
      : 'No volume yet. Drop a CT or MR.';
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
        <Fence what="The 3D scene">
          <SceneView
            handle={(handle) => void (handles.current.scene = handle)}
            surfaces={surfaces}
            overlays={overlays.inScene}
            measurements={measurements}
            chosenMeasurement={state.selection.measurement}
            crosshair={state.crosshairShown ? state.crosshair : undefined}
            measuring={state.tool === 'distance'}
            dark={colorScheme !== 'light'}
            first="A"
            maximised={state.maximised === 'scene'}
            emptyText={
              view.artifacts.some(({ kind }) => kind.startsWith('mesh.'))
                ? 'All surfaces are hidden.'
                : 'No surfaces yet.'
            }
            onPick={(at, surface) =>
              setWorkspace({
                crosshair: at,
                selection: surface.level ? { level: surface.level, artifact: surface.id } : { artifact: surface.id },
              })
            }
            onMeasured={(points) => onMeasured('distance', points, '3d')}
            onMaximise={() => toggle('scene')}
          />
        </Fence>
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
            crosshair={crosshair}
            overlays={overlays.inSlices}
            measurements={measurements}
            chosenMeasurement={state.selection.measurement}
            tool={state.tool}
            presets={artifact?.kind === 'volume.ct'}
            maximised={state.maximised === plane}
            emptyText={emptyText}
            onWindow={(window) => setWorkspace({ window })}
            onCrosshair={(at) => setWorkspace({ crosshair: at })}
            onPick={(at, picked) =>
              setWorkspace(picked ? { crosshair: at, selection: { level: picked } } : { crosshair: at })
            }
            onMeasured={onMeasured}
            onMeasureMoved={moveMeasurement}
            onMaximise={() => toggle(plane)}
          />
        </div>
      ))}
    </div>
  );
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
