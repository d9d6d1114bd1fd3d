/** The column in numbers: key angles, a table by level beside a drawing of it, matrices, the run of the curve. */

import { SegmentedControl } from '@mantine/core';
import { IconBone } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { WireFeature } from '../../contract/index.ts';
import { FeatureNumber } from '../kit/feature-number.tsx';
import { EmptyPlace } from '../kit/notes.tsx';
import { evidenceOverlay, type Overlay } from '../kit/overlay.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { ColumnDrawing } from '../views/column/column-drawing.tsx';
import type { ColumnView } from '../views/column/column-shapes.ts';
import { LevelGrid } from '../views/column/level-grid.tsx';
import { type ColumnGroup, keyFeatures, levelTable } from '../views/column/level-rows.ts';
import classes from './spine.module.css';
import { CurveView, MatrixView } from './spine-pictures.tsx';

type Part = 'table' | 'matrix' | 'curve';

const KEY_SHOWN = 6;

function SpinePanel(props: PanelProps) {
  const { view, spine } = props;
  const [part, setPart] = useState<Part>('table');
  const [group, setGroup] = useState<ColumnGroup>('Heights');
  const [side, setSide] = useState<ColumnView>('sagittal');
  if (view.features.length === 0 && !spine) {
    return (
      <EmptyPlace icon={<IconBone size={30} stroke={1.4} />} title="The column has not been measured yet">
        <p>{view.plan.find(({ capability }) => /spine/.test(capability))?.reason ?? 'It needs vertebra labels.'}</p>
      </EmptyPlace>
    );
  }
  return (
    <div className={classes.panel}>
      <KeyNumbers {...props} />
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Show"
          value={part}
          onChange={(value) => setPart(value as Part)}
          data={[
            { value: 'table', label: 'Levels' },
            { value: 'matrix', label: 'Matrix' },
            { value: 'curve', label: 'Curve' },
          ]}
        />
        <span className={classes.spring} />
        {part === 'table' ? (
          <>
            <SegmentedControl
              size="xs"
              aria-label="Side of the drawing"
              value={side}
              onChange={(value) => setSide(value as ColumnView)}
              data={[
                { value: 'sagittal', label: 'Side' },
                { value: 'coronal', label: 'Front' },
              ]}
            />
            <SegmentedControl
              size="xs"
              aria-label="Measures"
              value={group}
              onChange={(value) => setGroup(value as ColumnGroup)}
              data={['Heights', 'Angles', 'Size']}
            />
          </>
        ) : null}
      </div>
      {part === 'table' ? <Levels {...props} side={side} group={group} onSide={setSide} /> : null}
      {part === 'matrix' ? <MatrixView {...props} /> : null}
      {part === 'curve' ? <CurveView {...props} /> : null}
    </div>
  );
}

/** The numbers of the whole column; each is drawn in the scenes when it is pressed. */
function KeyNumbers({ view, definitions, selection, select }: PanelProps) {
  const choose = useCallback((feature: WireFeature) => select({ feature: feature.id, level: feature.level }), [select]);
  const [all, setAll] = useState(false);
  const features = useMemo(() => keyFeatures(view.features), [view.features]);
  const shown = all ? features : features.slice(0, KEY_SHOWN);
  return (
    <section className={classes.key} aria-label="Numbers of the whole column">
      {shown.map((feature) => {
        const name = definitions.get(feature.definition)?.name ?? feature.definition;
        const label = feature.level ? `${name} ${feature.level}` : name;
        return (
          <FeatureNumber
            key={feature.id}
            look="large"
            label={label}
            feature={feature}
            definition={definitions.get(feature.definition)}
            chosen={selection.feature === feature.id}
            onChoose={choose}
          />
        );
      })}
      {features.length > KEY_SHOWN ? (
        <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${features.length}`}
        </button>
      ) : null}
    </section>
  );
}

interface LevelsProps extends PanelProps {
  side: ColumnView;
  group: ColumnGroup;
  onSide(side: ColumnView): void;
}

function Levels({ view, definitions, spine, curve, selection, select, side, group, onSide }: LevelsProps) {
  const labelled = useMemo(
    () => view.artifacts.filter(({ kind, level }) => kind === 'mesh.vertebra' && level).map(({ level }) => level ?? ''),
    [view.artifacts],
  );
  const table = useMemo(() => levelTable(view.features, definitions, labelled), [view.features, definitions, labelled]);
  const overlay = useMemo((): Overlay | undefined => {
    const feature = view.features.find(({ id }) => id === selection.feature);
    return feature ? evidenceOverlay(feature, definitions.get(feature.definition), spine) : undefined;
  }, [view.features, definitions, spine, selection.feature]);
  const onLevel = useCallback((level: string) => select({ level }), [select]);
  const onFeature = useCallback(
    (feature: WireFeature) => select({ feature: feature.id, level: feature.level }),
    [select],
  );
  // an angle is drawn in its own plane: the drawing turns to it
  useEffect(() => {
    if (overlay?.plane === 'coronal' || overlay?.plane === 'sagittal') onSide(overlay.plane);
  }, [overlay, onSide]);
  return (
    <div className={classes.split}>
      <div className={classes.drawing}>
        {spine ? (
          <ColumnDrawing
            spine={spine}
            curve={curve}
            view={side}
            overlay={overlay}
            chosen={selection.level}
            onLevel={onLevel}
          />
        ) : null}
      </div>
      <div className={classes.table}>
        <LevelGrid
          table={table}
          group={group}
          definitions={definitions}
          chosenLevel={selection.level}
          chosenFeature={selection.feature}
          onLevel={onLevel}
          onFeature={onFeature}
        />
      </div>
    </div>
  );
}

export const spinePanel = definePanel({
  id: 'spine',
  title: 'Spine',
  kinds: ['landmarks.vertebra', 'labelmap.vertebrae', 'mesh.vertebra'],
  component: SpinePanel,
});
