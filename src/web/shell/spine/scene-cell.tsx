/** The 3D scene of the spine screen; it hears only of what concerns it, so that a drag in a slice never draws it. */

import { useMantineColorScheme } from '@mantine/core';
import { memo, type RefObject, useCallback, useMemo } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { Fence } from '../../kit/fence.tsx';
import type { Overlay } from '../../kit/overlay.ts';
import { useMeasurements } from '../../state/measurements.ts';
import { setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { SceneLater } from '../../views/scene3d/scene-later.tsx';
import type { SceneViewHandle } from '../../views/scene3d/scene-view.tsx';
import { finishMeasurement, sceneSurfaces, toggleMaximised } from './scene-data.ts';
import type { SceneHandles } from './scene-grid.tsx';

export interface SceneCellProps {
  view: TwinView;
  overlays: Overlay[];
  handles: RefObject<SceneHandles>;
  /** the slices come first */
  waits: boolean;
}

const pick = (at: Vec3, { id, level }: { id: string; level?: string }): void =>
  setWorkspace({ crosshair: at, selection: level ? { level, artifact: id } : { artifact: id } });
const measured = (points: [Vec3, Vec3]): void => finishMeasurement('distance', points, '3d', undefined);
const maximise = (): void => toggleMaximised('scene');

export const SceneCell = memo(function SceneCell({ view, overlays, handles, waits }: SceneCellProps) {
  const { colorScheme } = useMantineColorScheme();
  const layers = useWorkspace((state) => state.layers);
  const level = useWorkspace((state) => state.selection.level);
  const chosenMeasurement = useWorkspace((state) => state.selection.measurement);
  const crosshair = useWorkspace((state) => (state.crosshairShown ? state.crosshair : undefined));
  const measuring = useWorkspace((state) => state.tool === 'distance');
  const maximised = useWorkspace((state) => state.maximised === 'scene');
  const measurements = useMeasurements((store) => store.items);
  const surfaces = useMemo(() => sceneSurfaces(view, layers, level), [view, layers, level]);
  const handle = useCallback(
    (made: SceneViewHandle | null) => {
      handles.current.scene = made;
      const { look } = useWorkspace.getState();
      if (made && look) made.lookAt(look.at, look.radiusMm);
    },
    [handles],
  );
  const any = view.artifacts.some(({ kind }) => kind.startsWith('mesh.'));
  return (
    <Fence what="The 3D scene">
      <SceneLater
        handle={handle}
        surfaces={surfaces}
        overlays={overlays}
        measurements={measurements}
        chosenMeasurement={chosenMeasurement}
        crosshair={crosshair}
        measuring={measuring}
        dark={colorScheme !== 'light'}
        first="A"
        waits={waits}
        maximised={maximised}
        emptyText={any ? 'All surfaces are hidden.' : 'No surfaces yet.'}
        onPick={pick}
        onMeasured={measured}
        onMaximise={maximise}
      />
    </Fence>
  );
});
