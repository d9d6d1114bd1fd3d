/** The column in numbers: key angles, a table by level beside a drawing of it, every angle, matrices, the run of the curve. */

import { SegmentedControl } from '@mantine/core';
import { IconBone } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { WireFeature } from '../../contract/index.ts';
import { EmptyPlace } from '../../web/kit/notes.tsx';
import { FeatureNumber } from '../../web/kit/number/feature-number.tsx';
import { namedLevel } from '../../web/kit/overlay.ts';
import { definePanel, type PanelProps } from '../../web/kit/panel.ts';
import { CurveView } from '../../web/views/chart/curve-view.tsx';
import { MatrixView } from '../../web/views/chart/matrix-view.tsx';
import { AngleList } from '../../web/views/column/angle-list.tsx';
import classes from '../../web/views/column/column-panel.module.css';
import { type ColumnGroup, isOfPlace, keyFeatures } from '../../web/views/column/level-rows.ts';
import { LevelsView } from '../../web/views/column/levels-view.tsx';

const PARTS = ['Levels', 'Angles', 'Matrix', 'Curve'] as const;
type Part = (typeof PARTS)[number];

const KEY_SHOWN = 6;

function SpineGeometryPanel(props: PanelProps) {
  const { view, definitions, spine, curve, selection, select } = props;
  const [part, setPart] = useState<Part>('Levels');
  const [group, setGroup] = useState<ColumnGroup>('Heights');
  const onLevel = useCallback((level: string) => select({ level }), [select]);
  const onFeature = useCallback(
    (feature: WireFeature) => select({ feature: feature.id, level: feature.level }),
    [select],
  );
  const levels = useMemo(
    () => view.artifacts.filter(({ kind }) => kind === 'mesh.vertebra').map(({ level }) => level ?? ''),
    [view.artifacts],
  );
  if (view.features.length === 0 && !spine) return <NotYet view={view} />;
  return (
    <div className={classes.panel}>
      <KeyNumbers {...props} onFeature={onFeature} onAll={() => setPart('Angles')} />
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Show"
          value={part}
          onChange={(value) => setPart(value as Part)}
          data={[...PARTS]}
        />
        <span className={classes.spring} />
        {part === 'Levels' ? (
          <SegmentedControl
            size="xs"
            aria-label="Measures"
            value={group}
            onChange={(value) => setGroup(value as ColumnGroup)}
            data={[
              { value: 'Heights', label: 'Heights' },
              { value: 'Angles', label: 'Tilt' },
              { value: 'Size', label: 'Size' },
            ]}
          />
        ) : null}
      </div>
      {part === 'Levels' ? (
        <LevelsView
          features={view.features}
          definitions={definitions}
          levels={levels}
          spine={spine}
          curve={curve}
          group={group}
          chosenLevel={selection.level}
          chosenFeature={selection.feature}
          onLevel={onLevel}
          onFeature={onFeature}
        />
      ) : null}
      {part === 'Angles' ? (
        <AngleList features={view.features} definitions={definitions} chosen={selection.feature} onChoose={onFeature} />
      ) : null}
      {part === 'Matrix' ? (
        <MatrixView matrices={view.artifacts.filter(({ kind }) => kind === 'table.matrix')} onLevel={onLevel} />
      ) : null}
      {part === 'Curve' ? <CurveView curve={curve} onLevel={onLevel} /> : null}
    </div>
  );
}

function NotYet({ view }: Pick<PanelProps, 'view'>) {
  return (
    <EmptyPlace icon={<IconBone size={30} stroke={1.4} />} title="The column has not been measured yet">
      <p>
        {view.plan.find(({ capability }) => capability === 'spine-geometry')?.reason ?? 'It needs vertebra labels.'}
      </p>
    </EmptyPlace>
  );
}

/** The numbers a reader looks for first; each is drawn in the scenes when it is pressed. */
function KeyNumbers({
  view,
  definitions,
  selection,
  onFeature,
  onAll,
}: PanelProps & { onFeature(feature: WireFeature): void; onAll(): void }) {
  const features = useMemo(() => keyFeatures(view.features.filter(isOfPlace)), [view.features]);
  return (
    <section className={classes.key} aria-label="Numbers of the whole column">
      {features.slice(0, KEY_SHOWN).map((feature) => (
        <FeatureNumber
          key={feature.id}
          look="large"
          label={namedLevel(definitions.get(feature.definition)?.name ?? feature.definition, feature.level)}
          feature={feature}
          definition={definitions.get(feature.definition)}
          chosen={selection.feature === feature.id}
          onChoose={onFeature}
        />
      ))}
      {features.length > KEY_SHOWN ? (
        <button type="button" className={classes.more} onClick={onAll}>
          All angles and distances
        </button>
      ) : null}
    </section>
  );
}

/** Tab of the spine screen for what spine geometry makes. */
export const spineGeometryPanel = definePanel({
  id: 'spine',
  title: 'Spine',
  kinds: ['landmarks.vertebra', 'labelmap.vertebrae', 'mesh.vertebra'],
  component: SpineGeometryPanel,
});
