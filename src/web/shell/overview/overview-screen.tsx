/** The first screen of a patient: what is known, what moved, what is doubted, what is missing. One look. */

import { Button, useMantineColorScheme } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TwinView, WireFeature } from '../../../contract/index.ts';
import { SCALES, type SpineLandmarks } from '../../../model/index.ts';
import { featureDecimals, formatDay, formatNumber, withUnit } from '../../kit/number/format.ts';
import { levelCentre, type Overlay, type OverlayItem } from '../../kit/overlay.ts';
import { call } from '../../state/client.ts';
import { go } from '../../state/place.ts';
import { KEYS, useCatalogue, useDefinitions, useSpine } from '../../state/queries.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { BodyFigure } from '../../views/body/body-figure.tsx';
import { SceneLater } from '../../views/scene3d/scene-later.tsx';
import { DropZone } from '../patients/drop-zone.tsx';
import { sceneSurfaces } from '../spine/scene-data.ts';
import classes from './overview.module.css';
import { cardNumbers, earlierDays } from './overview-numbers.ts';
import { OverviewRisk, WouldTellMore } from './risk-card.tsx';
import { ScaleCard } from './scale-card.tsx';
import { Acquisitions, Doubts, Missing } from './side-cards.tsx';

export function OverviewScreen({ view, narrow }: { view: TwinView; narrow: boolean }) {
  const definitions = useDefinitions();
  const { data: catalogue } = useCatalogue();
  const earlier = useEarlier(view);
  const came = useMemo(() => new Set(view.acquisitions.map(({ modality }) => modality)), [view]);
  const empty = view.artifacts.length === 0;
  const risk = <OverviewRisk twin={view.twin.id} empty={empty} />;
  return (
    <main className={classes.main}>
      {narrow ? risk : null}
      <BodyCard view={view} />
      <div className={classes.scales}>
        {SCALES.map((scale) => (
          <ScaleCard
            key={scale}
            scale={scale}
            twin={view.twin.id}
            numbers={cardNumbers(view, scale, definitions, earlier)}
            modalities={(catalogue?.modalities ?? [])
              .filter(({ id, scales }) => scales.includes(scale) && !came.has(id))
              .map(({ title }) => title)}
            known={view.acquisitions.some(({ scales }) => scales.includes(scale))}
          />
        ))}
      </div>
      <div className={classes.side}>
        {narrow ? null : risk}
        {empty && !narrow ? <DropZone stacked /> : <Doubts view={view} />}
        <Acquisitions view={view} />
        <Missing view={view} capabilities={catalogue?.capabilities ?? []} tools={catalogue?.tools ?? []}>
          {empty ? null : <WouldTellMore twin={view.twin.id} />}
        </Missing>
      </div>
    </main>
  );
}

/** The twin as of the days before the last one, for what changed. */
function useEarlier(view: TwinView): TwinView[] {
  const days = useMemo(() => earlierDays(view), [view]);
  return useQueries({
    queries: days.map((valid) => ({
      queryKey: KEYS.twin(view.twin.id, { valid }),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call('viewTwin', { params: { twin: view.twin.id }, query: { valid } }, signal),
    })),
    combine: (results) => results.map(({ data }) => data).filter((data): data is TwinView => data !== undefined),
  });
}

const NONE: never[] = [];

function BodyCard({ view }: { view: TwinView }) {
  const { colorScheme } = useMantineColorScheme();
  const layers = useWorkspace((state) => state.layers);
  const { spine } = useSpine(view);
  const surfaces = useMemo(
    () => sceneSurfaces(view, layers, undefined).map((surface) => ({ ...surface, framed: true })),
    [view, layers],
  );
  const overlays = useMemo(() => bodyNotes(view.features, spine), [view.features, spine]);
  const last = view.acquisitions.at(-1);
  return (
    <section className={`${classes.card} ${classes.body}`} aria-label="Body">
      <h2>
        Body
        <small>
          {last
            ? [
                last.region,
                last.takenAt ? formatDay(last.takenAt) : undefined,
                last.posture === 'unknown' ? undefined : last.posture,
              ]
                .filter(Boolean)
                .join(' · ')
            : 'nothing yet'}
        </small>
      </h2>
      <div className={classes.picture}>
        {surfaces.length > 0 ? (
          <SceneLater
            surfaces={surfaces}
            overlays={overlays}
            measurements={NONE}
            measuring={false}
            dark={colorScheme !== 'light'}
            first="A"
            maximised={false}
            waits={false}
            emptyText=""
            still
          />
        ) : (
          <BodyFigure />
        )}
      </div>
      <div className={classes.foot}>
        {spine
          ? 'Supine numbers are not standing ones.'
          : surfaces.length > 0
            ? 'No vertebra has been measured yet.'
            : 'Drop a CT or MR folder anywhere.'}
        {surfaces.length > 0 || spine ? (
          <Button
            size="compact-sm"
            variant="light"
            rightSection={<IconArrowRight size={14} />}
            onClick={() => go({ screen: 'spine' })}
          >
            Open spine
          </Button>
        ) : null}
      </div>
    </section>
  );
}

const NOTES: readonly { pattern: RegExp; short: string; level: string }[] = [
  { pattern: /lumbarLordosis/i, short: 'LL', level: 'L3' },
  { pattern: /thoracicKyphosis/i, short: 'TK', level: 'T8' },
];

/** The numbers that belong to a place, at that place. */
function bodyNotes(features: readonly WireFeature[], spine: SpineLandmarks | undefined): Overlay[] {
  const items: OverlayItem[] = [];
  for (const { pattern, short, level } of NOTES) {
    const feature = features.find(({ definition }) => pattern.test(definition));
    const at = levelCentre(level, spine);
    if (!feature || !at || typeof feature.value !== 'number') continue;
    items.push({
      type: 'point',
      at,
      label: `${short} ${withUnit(formatNumber(feature.value, featureDecimals(feature)), feature.unit)}`,
    });
  }
  return items.length > 0 ? [{ id: 'notes', title: 'Numbers', tone: 'chosen', items }] : [];
}
