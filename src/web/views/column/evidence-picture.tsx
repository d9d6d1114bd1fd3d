/** How a number was measured, small: the vertebrae it concerns and the lines and points it comes from. */

import { useMemo } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import type { SpineLandmarks } from '../../../model/index.ts';
import { evidenceOverlay } from '../../kit/overlay.ts';
import classes from './column-drawing.module.css';
import { Evidence } from './column-drawing.tsx';
import { columnShapes, flatten } from './column-shapes.ts';

export interface EvidencePictureProps {
  feature: WireFeature;
  definition: WireFeatureDefinition | undefined;
  spine: SpineLandmarks;
}

const HEIGHT = 132;
const WIDTH = 318;

export function EvidencePicture({ feature, definition, spine }: EvidencePictureProps) {
  const overlay = useMemo(() => evidenceOverlay(feature, definition, spine), [feature, definition, spine]);
  const view = overlay.plane === 'coronal' ? 'coronal' : 'sagittal';
  const shapes = useMemo(() => columnShapes(spine, view), [spine, view]);
  if (!overlay.focus || overlay.plane === 'axial' || overlay.items.length === 0) return null;
  const centre = flatten(overlay.focus.at, view);
  const height = 2.1 * overlay.focus.radiusMm;
  const width = (height * WIDTH) / HEIGHT;
  const unit = height / HEIGHT;
  return (
    <svg
      className={classes.evidence}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`${centre.x - width / 2} ${centre.y - height / 2} ${width} ${height}`}
      role="img"
      aria-label={`How ${overlay.title} was measured, seen from the ${view === 'sagittal' ? 'side' : 'front'}`}
    >
      {shapes
        .filter(({ space }) => !space)
        .map(({ level, outline }) => (
          <polygon
            key={level}
            className={classes.still}
            points={outline.map(({ x, y }) => `${x},${y}`).join(' ')}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      <Evidence overlay={overlay} view={view} unit={unit} />
    </svg>
  );
}
