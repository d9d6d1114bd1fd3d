/** The clinical record: coded facts by group, with the way back into the file; evidence leads to its fact. */

import { Select } from '@mantine/core';
import { useState } from 'react';
import { EmptyPlace, SyntheticBadge } from '../kit/notes.tsx';
import { count } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { RecordView } from '../views/record/record-view.tsx';
import { useRecord } from '../views/record/use-record.ts';

const KIND = 'record.clinical';

function RecordPanel({ view, selection }: PanelProps) {
  const [picked, setPicked] = useState<string | null>(null);
  const records = view.artifacts.filter(({ kind }) => kind === KIND);
  const id = [picked, selection.artifact].find((one) => records.some((artifact) => artifact.id === one));
  const artifact = records.find((one) => one.id === id) ?? records.at(-1);
  const { record, problem } = useRecord(artifact);
  if (!artifact) return <EmptyPlace title="No clinical record yet" />;
  return (
    <>
      {records.length > 1 ? (
        <Select
          size="xs"
          m={12}
          mb={0}
          aria-label={count(records.length, 'record')}
          allowDeselect={false}
          value={artifact.id}
          onChange={setPicked}
          data={records.map(({ id: value, name, takenAt }) => ({
            value,
            label: [name, takenAt?.slice(0, 10)].filter(Boolean).join(' · '),
          }))}
        />
      ) : null}
      {record ? (
        <RecordView key={artifact.id} record={record} fact={selection.fact} />
      ) : problem ? (
        <EmptyPlace title="The record could not be read" />
      ) : (
        <EmptyPlace title="Reading the record …">{artifact.synthetic ? <SyntheticBadge /> : null}</EmptyPlace>
      )}
    </>
  );
}

export const recordPanel = definePanel({ id: 'record', title: 'Record', kinds: [KIND], component: RecordPanel });
