/** A scene that lets everything else go first: neither its code nor a surface is fetched before the page is quiet. */

import { lazy, Suspense } from 'react';
import { useQuiet } from '../../kit/quiet.ts';
import classes from './scene-view.module.css';
import type { SceneViewProps } from './scene-view.tsx';

const SceneView = lazy(async () => ({ default: (await import('./scene-view.tsx')).SceneView }));

export interface SceneLaterProps extends SceneViewProps {
  /** what comes first is still on its way */
  waits: boolean;
}

export function SceneLater({ waits, ...scene }: SceneLaterProps) {
  const ready = useQuiet(!waits);
  const room = (
    <div className={classes.view} data-testid="scene" role="img" aria-label="3D scene, loading">
      <div className={classes.note}>{scene.surfaces.length > 0 ? 'Loading …' : scene.emptyText}</div>
    </div>
  );
  return ready ? (
    <Suspense fallback={room}>
      <SceneView {...scene} />
    </Suspense>
  ) : (
    room
  );
}
