/** All behind one driver: value, reference, direction, evidence, prior, source row, method, age, and the way to where it came from. */

import { Button, Drawer, Loader } from '@mantine/core';
import { IconArrowRight, IconLock } from '@tabler/icons-react';
import type { TwinView, WireAssessment, WireContribution, WireKnowledge } from '../../../../contract/index.ts';
import { ErrorNote } from '../../../kit/notes.tsx';
import { formatDay, formatNumber, withUnit } from '../../../kit/number/format.ts';
import { recordOf } from '../../../state/client.ts';
import { type Destination, destinationOf, openTrail } from '../../../state/evidence.ts';
import { useKnowledge } from '../../../state/inference.ts';
import { setInferenceView } from '../view-state.ts';
import { ageText, CONSTRUCT_NAMES, contributionText, MODALITY_NAMES, oddsText, valueText } from '../words.ts';
import classes from './feature-sheet.module.css';

export interface FeatureSheetProps {
  view: TwinView;
  assessment: WireAssessment | undefined;
  feature: string | undefined;
  narrow: boolean;
}

export function FeatureSheet({ view, assessment, feature, narrow }: FeatureSheetProps) {
  const one = assessment?.risk.contributions.find((contribution) => contribution.feature === feature);
  return (
    <Drawer
      opened={one !== undefined}
      onClose={() => setInferenceView({ feature: undefined })}
      position={narrow ? 'bottom' : 'right'}
      size={narrow ? '82%' : 430}
      padding={0}
      title={one?.name}
      overlayProps={{ backgroundOpacity: 0.25 }}
      transitionProps={{ duration: 100 }}
      styles={{ header: { padding: '12px 16px' }, title: { fontWeight: 600, fontSize: 15 } }}
    >
      {one ? <FeatureBody view={view} one={one} /> : null}
    </Drawer>
  );
}

function FeatureBody({ view, one }: { view: TwinView; one: WireContribution }) {
  const { data: knowledge, isLoading, error, refetch } = useKnowledge();
  const entry = knowledge?.features.find(({ id }) => id === one.feature);
  return (
    <div className={classes.sheet} data-testid="feature-sheet">
      <Standing one={one} />
      <WayOnward view={view} one={one} />
      <dl>
        <Rows rows={measuredRows(one)} />
      </dl>
      <h3>What is known of it {entry ? <small>row {entry.row} of the knowledge table</small> : null}</h3>
      {isLoading ? <Loader size="xs" role="status" aria-label="Loading the knowledge table" /> : null}
      {error ? <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} /> : null}
      {entry ? (
        <dl>
          <Rows rows={knownRows(entry)} />
        </dl>
      ) : null}
    </div>
  );
}

function Standing({ one }: { one: WireContribution }) {
  const { observed, held, mean } = one;
  return (
    <div className={classes.standing}>
      <strong className="numbers">{observed ? valueText(one) : 'Not measured'}</strong>
      <span data-sign={mean < 0 ? 'lowers' : 'raises'} data-held={held || undefined}>
        {held ? (
          <>
            <IconLock size={14} aria-hidden="true" /> Its weight is held at zero: there is no evidence that it predicts
            surgery. It describes the patient, and a site’s own outcomes may free it.
          </>
        ) : (
          <>
            <b className="numbers">{contributionText(one)}</b> ({oddsText(mean)}){' '}
            {observed ? 'to the risk of twelve months.' : 'on average over the values that are likely in this patient.'}
          </>
        )}
      </span>
    </div>
  );
}

/** Leads to the voxel, frame, sample or fact. */
function WayOnward({ view, one }: { view: TwinView; one: WireContribution }) {
  if (!one.record) return null;
  const destination = destinationOf(view, one.record);
  if (!destination) return <p className={classes.nowhere}>{originText(one.record.source)}</p>;
  return (
    <Button
      variant="light"
      rightSection={<IconArrowRight size={15} />}
      onClick={() => {
        setInferenceView({ feature: undefined });
        if (one.record) openTrail(view, one.record);
      }}
    >
      Show where it comes from: {destinationText(destination)}
    </Button>
  );
}

function originText(source: string | undefined): string {
  return source?.startsWith('answer') ? 'A person gave this as an answer.' : 'Its source names no place to show.';
}

function destinationText(to: Destination): string {
  if (to.screen === 'record') return 'the clinical record';
  if (to.screen === 'motion') return 'the recording';
  return to.selection.level ? `${to.selection.level} in the scan` : 'the scan';
}

type Row = readonly [term: string, text: string | undefined];

function Rows({ rows }: { rows: readonly Row[] }) {
  return rows.map(([term, text]) =>
    text ? (
      <div key={term}>
        <dt>{term}</dt>
        <dd>{readable(text)}</dd>
      </div>
    ) : null,
  );
}

/** Signs as they are printed rather than typed. */
function readable(text: string): string {
  return text
    .replace(/\s?\+\/-\s?/g, ' ± ')
    .replaceAll('->', '→')
    .replaceAll('>=', '≥\u202f')
    .replaceAll('<=', '≤\u202f');
}

function measuredRows(one: WireContribution): Row[] {
  const { record, observed } = one;
  const modality = MODALITY_NAMES[one.modality] ?? one.modality;
  const common: Row[] = [
    ['Speaks for', CONSTRUCT_NAMES[one.construct] ?? one.construct],
    [observed ? 'Comes from' : 'Would come from', modality],
  ];
  if (!record) return common;
  const place = [record.level, record.side, record.posture, record.task]
    .filter((word) => word && word !== 'unknown')
    .join(', ');
  return [
    ['Age of data', `${ageText(one.ageDays)}${record.time ? `, ${formatDay(record.time)}` : ''}`],
    [
      'Doubt of value',
      record.sd === undefined
        ? 'not told by its source: taken from the dictionary'
        : record.sd === 0
          ? 'taken as exact'
          : `sd ${withUnit(formatNumber(record.sd, record.sd < 1 ? 2 : 1), record.unit === '1' || record.unit === '{score}' ? '' : record.unit)}`,
    ],
    ['Place', place],
    ['Method', [record.method, record.version === undefined ? '' : `v${record.version}`].filter(Boolean).join(' ')],
    ['Device', record.device],
    ['Grader', record.grader],
    ['Quality', record.quality === undefined ? undefined : `${Math.round(100 * record.quality)} of 100`],
    ...common,
  ];
}

const USES = { active: 'weighed', held: 'held at zero', context: 'describes only' } as const;

function knownRows(entry: WireKnowledge['features'][number]): Row[] {
  const prior =
    entry.priorMean === undefined
      ? undefined
      : `${formatNumber(entry.priorMean, 3)} ± ${formatNumber(entry.priorSd ?? 0, 2)} log-odds${entry.step ? ` per ${entry.step}` : ''}`;
  return [
    ['Reference', entry.reference],
    ['Direction', entry.direction],
    ['Evidence', entry.interval ? `${entry.ratio} (95 % CI ${entry.interval})` : entry.ratio],
    ['Is about', entry.ratioAbout],
    ['Prior', prior],
    ['In the model', USES[entry.use]],
    ['Counts for', entry.windowDays === undefined ? undefined : `${entry.windowDays} days`],
    ['Source', entry.source],
    ['Code', entry.code],
  ];
}
