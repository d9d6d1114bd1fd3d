/** Inference: the risk with its reasons in the middle, what to do next at the right; the patient's graph, the past and the cohort behind tabs. */

import { Button, Loader } from '@mantine/core';
import { IconAlertOctagon, IconChartArcs } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useCallback, useEffect, useLayoutEffect } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { Fence } from '../../kit/fence.tsx';
import { EmptyPlace, ErrorNote } from '../../kit/notes.tsx';
import { formatDay, formatMoment } from '../../kit/number/format.ts';
import { ApiError, call, recordOf } from '../../state/client.ts';
import { refreshAssessment, type StoredAssessment, useAssessment, useAssessmentLines } from '../../state/inference.ts';
import { usePlace } from '../../state/place.ts';
import { toast } from '../../state/toasts.ts';
import { assessmentAt } from '../overview/risk-summary.ts';
import { Sheet } from '../spine/side-panel.tsx';
import twin from '../twin/twin-screen.module.css';
import { ChordPanel } from './chord/chord-panel.tsx';
import { CohortView } from './cohort/index.ts';
import classes from './inference.module.css';
import { useInferenceCommands } from './inference-commands.ts';
import { ModelView } from './model/index.ts';
import { DoubtStrip } from './risk/doubt-strip.tsx';
import { DriverList } from './risk/driver-list.tsx';
import { FeatureSheet } from './risk/feature-sheet.tsx';
import { LeftOut } from './risk/left-out.tsx';
import { OverTime } from './risk/over-time.tsx';
import { RiskCard } from './risk/risk-card.tsx';
import { SuggestionColumn } from './suggestions/index.ts';
import { type InferenceTab, openInference, setInferenceView, useInferenceView } from './view-state.ts';
import { moveTo } from './words.ts';

const GraphExplorer = lazy(async () => ({ default: (await import('./graph/graph-explorer.tsx')).GraphExplorer }));

const TABS: readonly { id: InferenceTab; name: string }[] = [
  { id: 'patient', name: 'Patient' },
  { id: 'graph', name: 'Graph' },
  { id: 'time', name: 'Over time' },
  { id: 'cohort', name: 'Cohort' },
  { id: 'model', name: 'Model' },
];

export function InferenceScreen({ view, narrow }: { view: TwinView; narrow: boolean }) {
  const { id } = view.twin;
  useLayoutEffect(() => openInference(id), [id]);
  const tab = useInferenceView((state) => state.tab);
  const number = useShownNumber(id);
  const feature = useInferenceView((state) => state.feature);
  const { data: stored, error, isLoading, refetch } = useAssessment(id, number);
  useInferenceCommands();
  const absent = error instanceof ApiError && error.status === 404;
  return (
    <main className={classes.main} data-testid="inference">
      <Tabs tab={tab} />
      <OldLine twin={id} stored={stored} number={number} />
      {stored && error && !absent ? (
        <div className={twin.past} role="alert">
          The assessment could not be read anew: {recordOf(error).message}. What stands here was made{' '}
          {formatMoment(stored.at)}.
          <button type="button" onClick={() => void refetch()}>
            Try again
          </button>
        </div>
      ) : null}
      <div
        className={classes.body}
        role="tabpanel"
        id="inference-body"
        aria-labelledby={`inference-${tab}`}
        data-tab={tab}
      >
        <Fence key={tab} what={TABS.find((one) => one.id === tab)?.name ?? ''}>
          {tab === 'cohort' ? (
            <CohortView twin={id} />
          ) : tab === 'model' ? (
            <ModelView twin={id} stored={stored} />
          ) : stored && !absent ? (
            <Reading view={view} stored={stored} tab={tab} narrow={narrow} />
          ) : isLoading ? (
            <Loader size="sm" m="auto" role="status" aria-label="Reading the assessment" />
          ) : absent ? (
            <NoAssessment twin={id} />
          ) : error ? (
            <div className={classes.error}>
              <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} />
            </div>
          ) : null}
        </Fence>
      </div>
      <FeatureSheet view={view} assessment={stored?.assessment} feature={feature} narrow={narrow} />
    </main>
  );
}

interface ReadingProps {
  view: TwinView;
  stored: StoredAssessment;
  tab: InferenceTab;
  narrow: boolean;
}

function Reading({ view, stored, tab, narrow }: ReadingProps) {
  const { id } = view.twin;
  const { data: lines = [] } = useAssessmentLines(id);
  const open = useCallback((number: number) => {
    setInferenceView({ number, tab: 'patient' });
  }, []);
  if (tab === 'graph')
    return (
      <Suspense fallback={<Loader size="sm" m="auto" />}>
        <GraphExplorer view={view} graph={stored.assessment.graph} narrow={narrow} />
      </Suspense>
    );
  if (tab === 'time') return <OverTime lines={lines} number={stored.number} onOpen={open} />;
  return <Patient view={view} stored={stored} lines={lines} narrow={narrow} />;
}

interface PatientProps extends Omit<ReadingProps, 'tab'> {
  lines: Parameters<typeof moveTo>[0];
}

function Patient({ view, stored, lines, narrow }: PatientProps) {
  const feature = useInferenceView((state) => state.feature);
  const choose = useCallback((chosen: string) => setInferenceView({ feature: chosen }), []);
  const { id } = view.twin;
  const risk = <RiskCard twin={id} stored={stored} move={moveTo(lines, stored.number)} />;
  const failed = stored.assessment.risk.state === 'failed';
  const chord = failed ? (
    <NoModel />
  ) : (
    <ChordPanel view={view} assessment={stored.assessment} feature={feature} narrow={narrow} />
  );
  const drivers = (
    <>
      {failed ? null : (
        <DriverList contributions={stored.assessment.risk.contributions} chosen={feature} onChoose={choose} />
      )}
      <LeftOut leftOut={stored.assessment.leftOut} />
    </>
  );
  if (narrow)
    return (
      <div className={classes.narrow}>
        <div className={classes.scroll}>
          {risk}
          <div className={classes.chord}>{chord}</div>
          {failed ? null : <DoubtStrip assessment={stored.assessment} />}
          {drivers}
        </div>
        <Sheet label="Suggestions">
          <div className={classes.column}>
            <SuggestionColumn twin={id} stored={stored} />
          </div>
        </Sheet>
      </div>
    );
  return (
    <div className={classes.patient}>
      <div className={classes.risk}>
        {risk}
        {drivers}
      </div>
      <div className={classes.middle}>
        <Fence what="The chord graph">{chord}</Fence>
        {failed ? null : <DoubtStrip assessment={stored.assessment} />}
      </div>
      <aside className={classes.column} aria-label="Suggestions and questions">
        <Fence what="The suggestions">
          <SuggestionColumn twin={id} stored={stored} />
        </Fence>
      </aside>
    </div>
  );
}

/** In place of the chord graph where the model could not be evaluated. */
function NoModel() {
  return (
    <EmptyPlace icon={<IconAlertOctagon size={36} />} title="No risk of this patient">
      <p>
        The model could not be evaluated, so nothing can be said of what drives the risk. Red flags, questions and
        suggestions stand: they depend on no model. An earlier version may be taken up again under Model.
      </p>
      <Button variant="default" onClick={() => setInferenceView({ tab: 'model' })}>
        Open the model
      </Button>
    </EmptyPlace>
  );
}

function Tabs({ tab }: { tab: InferenceTab }) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = TABS.findIndex(({ id }) => id === tab);
    const next = TABS[(at + step + TABS.length) % TABS.length].id;
    setInferenceView({ tab: next });
    document.getElementById(`inference-${next}`)?.focus();
  };
  return (
    <div className={classes.tabs} role="tablist" aria-label="Inference" onKeyDown={onKeyDown}>
      {TABS.map(({ id, name }) => (
        <button
          key={id}
          id={`inference-${id}`}
          type="button"
          role="tab"
          aria-selected={id === tab}
          aria-controls="inference-body"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => setInferenceView({ tab: id })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** The assessment that is read: the one chosen, else the newest of the moment that the whole page looks at. */
function useShownNumber(id: string): number | undefined {
  const chosen = useInferenceView((state) => state.number);
  const known = usePlace((place) => place.asOf.known);
  const { data: lines = [] } = useAssessmentLines(id);
  return chosen ?? assessmentAt(lines, known);
}

/** Says that an older assessment is read, and leads back to the newest. */
function OldLine({ twin: id, stored, number }: { twin: string; stored?: StoredAssessment; number?: number }) {
  const { data: lines } = useAssessmentLines(id);
  const chosen = useInferenceView((state) => state.number !== undefined);
  const asOf = usePlace((place) => place.asOf);
  const newest = lines?.at(-1)?.number;
  if (!stored || newest === undefined) return null;
  if (number !== undefined && number !== newest)
    return (
      <div className={twin.past} role="status">
        Assessment {number} of {newest}, made {formatMoment(stored.at)}. It is not the newest.
        {chosen ? (
          <button type="button" onClick={() => setInferenceView({ number: undefined })}>
            Back to the newest
          </button>
        ) : null}
      </div>
    );
  const why = asOf.valid
    ? `This is the newest assessment. To assess as of ${formatDay(asOf.valid)}, choose that day as index date.`
    : asOf.known && number === undefined
      ? 'Nothing had been assessed by then; this is the newest assessment.'
      : undefined;
  return why ? (
    <div className={twin.past} role="status">
      {why}
    </div>
  ) : null;
}

function NoAssessment({ twin: id }: { twin: string }) {
  const assess = (): void => {
    call('assessTwin', { params: { twin: id } }).then(
      () => refreshAssessment(id),
      (error: unknown) => toast('The twin could not be assessed', { error: recordOf(error) }),
    );
  };
  useEffect(() => setInferenceView({ number: undefined }), []);
  return (
    <EmptyPlace icon={<IconChartArcs size={36} />} title="No assessment yet">
      <p>
        Drop a clinical record (a FHIR bundle or a table), a scan or a recording anywhere. The risk is worked out from
        whatever is known; what is not known makes its interval wide.
      </p>
      <Button onClick={assess}>Assess now</Button>
    </EmptyPlace>
  );
}
