/** Table by level beside a drawing of the column; what is chosen in one is chosen in the other. */

import { SegmentedControl } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import type { SpineCurve, SpineLandmarks } from '../../../model/index.ts';
import { evidenceOverlay, type Overlay } from '../../kit/overlay.ts';
import { ColumnDrawing } from './column-drawing.tsx';
import classes from './column-panel.module.css';
import type { ColumnView } from './column-shapes.ts';
import { LevelGrid } from './level-grid.tsx';
import { type ColumnGroup, levelTable } from './level-rows.ts';

export interface LevelsViewProps {
  features: readonly WireFeature[];
  definitions: ReadonlyMap<string, WireFeatureDefinition>;
  /** levels that are known though not measured */
  levels: readonly string[];
  spine: SpineLandmarks | undefined;
  curve: SpineCurve | undefined;
  group: ColumnGroup;
  chosenLevel: string | undefined;
  chosenFeature: string | undefined;
  onLevel(level: string): void;
  onFeature(feature: WireFeature): void;
}

export function LevelsView(props: LevelsViewProps) {
  const { features, definitions, levels, spine, chosenFeature } = props;
  const [side, setSide] = useState<ColumnView>('sagittal');
  const table = useMemo(() => levelTable(features, definitions, levels), [features, definitions, levels]);
  const overlay = useMemo((): Overlay | undefined => {
    const feature = features.find(({ id }) => id === chosenFeature);
    return feature ? evidenceOverlay(feature, definitions.get(feature.definition), spine) : undefined;
  }, [features, definitions, spine, chosenFeature]);
  // an angle is drawn in its own plane: the drawing turns to it
  useEffect(() => {
    if (overlay?.plane === 'coronal' || overlay?.plane === 'sagittal') setSide(overlay.plane);
  }, [overlay]);
  return (
    <div className={classes.split}>
      {spine ? (
        <div className={classes.drawing}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="Side of the drawing"
            value={side}
            onChange={(value) => setSide(value as ColumnView)}
            data={[
              { value: 'sagittal', label: 'Side' },
              { value: 'coronal', label: 'Front' },
            ]}
          />
          <div>
            <ColumnDrawing
              spine={spine}
              curve={props.curve}
              view={side}
              overlay={overlay}
              chosen={props.chosenLevel}
              onLevel={props.onLevel}
            />
          </div>
        </div>
      ) : null}
      <div className={classes.table}>
        <LevelGrid
          table={table}
          group={props.group}
          definitions={definitions}
          chosenLevel={props.chosenLevel}
          chosenFeature={chosenFeature}
          onLevel={props.onLevel}
          onFeature={props.onFeature}
        />
      </div>
    </div>
  );
}
