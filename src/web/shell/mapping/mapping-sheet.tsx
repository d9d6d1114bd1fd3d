/** The form of a mapping over the first rows of the table it is for; every change is tried at once. */

import { Button, Group, SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireProfile, WireTableLook, WireTableProfile } from '../../../contract/index.ts';
import { ErrorNote } from '../../kit/notes.tsx';
import { count, formatBytes } from '../../kit/number/format.ts';
import { recordOf } from '../../state/client.ts';
import { CheckNote, lacksRate } from './check-note.tsx';
import { ColumnRows } from './column-rows.tsx';
import classes from './mapping.module.css';
import { formOf, type MappingForm, profileOf, rowAt } from './mapping-form.ts';
import { closeMapping, giveFiles, headOfFile, lookAt, type OpenMapping } from './mapping-state.ts';
import { PreviewTable } from './preview-table.tsx';
import { RecordSheet } from './record/record-sheet.tsx';
import { SavedMappings } from './saved-mappings.tsx';
import { TextWays } from './text-ways.tsx';

const TYPING_MS = 250;
/** Name of a mapping that was made for one import and not saved. */
const UNNAMED = 'columns mapped by hand';

export function MappingSheet({ files, twin }: OpenMapping) {
  const [table] = files;
  const [chosen, setChosen] = useState<'record' | 'recording'>();
  const first = useQuery({
    queryKey: ['table', table.name, table.file.size, table.file.lastModified],
    queryFn: async ({ signal }) => {
      const head = await headOfFile(table);
      return { head, look: await lookAt(table, head, undefined, signal) };
    },
    retry: false,
  });
  if (first.error) return <ErrorNote error={recordOf(first.error)} onRetry={() => void first.refetch()} />;
  if (!first.data) return <p className={classes.dim}>Looking at {table.name} …</p>;
  const { head, look } = first.data;
  const { record } = look;
  if (!look.guess && !record)
    return (
      <>
        {look.problem ? <ErrorNote error={look.problem} /> : null}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={closeMapping}>
            Close
          </Button>
        </Group>
      </>
    );
  const { guess } = look;
  const as = chosen ?? (record && (record.likely || !guess) ? 'record' : 'recording');
  return (
    <div className={classes.sheet} data-testid="mapping">
      <FileLine files={files} look={look} />
      {guess && record ? (
        <SegmentedControl
          size="xs"
          aria-label="What the table holds"
          value={as}
          onChange={(next) => setChosen(next as 'record' | 'recording')}
          data={[
            { value: 'recording', label: 'A recording, one row a sample' },
            { value: 'record', label: 'Dated facts of one person' },
          ]}
        />
      ) : null}
      {as === 'record' && record ? (
        <RecordSheet files={files} twin={twin} head={head} first={record} plain={look.plain} />
      ) : null}
      {as === 'recording' && guess ? (
        <MappingBody files={files} twin={twin} head={head} first={look} guess={guess} />
      ) : null}
    </div>
  );
}

function FileLine({ files, look }: { files: OpenMapping['files']; look: WireTableLook }) {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <p className={classes.file}>
      <b>{files[0].name}</b>
      <span>
        {formatBytes(bytes)}
        {files.length > 1 ? ` in ${count(files.length, 'table')}; all are read with this mapping` : ''}
        {look.recognised && !look.plain ? ` · would be read as ${look.recognised}` : ''}
      </span>
    </p>
  );
}

interface MappingBodyProps extends OpenMapping {
  head: string;
  first: WireTableLook;
  guess: WireProfile;
}

function MappingBody({ files, twin, head, first, guess }: MappingBodyProps) {
  const [columns, setColumns] = useState(first.columns);
  const [form, setForm] = useState<MappingForm>(() => formOf(first.columns, guess).form);
  const [source, setSource] = useState<WireProfile>(guess);
  const [name, setName] = useState('');
  const built = profileOf(form, columns, name.trim() || UNNAMED);
  const [tried] = useDebouncedValue(JSON.stringify(built.profile), TYPING_MS);
  const check = useQuery({
    queryKey: ['table-check', files[0].name, files[0].file.lastModified, tried],
    queryFn: ({ signal }) => lookAt(files[0], head, JSON.parse(tried), signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const look = check.data ?? first;
  // another separator or first line makes other columns: the form follows them
  if (look.columns.length > 0 && namesOf(look.columns) !== namesOf(columns)) {
    setColumns(look.columns);
    setForm({ ...form, rows: formOf(look.columns, source === guess ? (look.guess ?? guess) : source).form.rows });
  }
  const settled = check.isFetched && !check.isPlaceholderData && tried === JSON.stringify(built.profile);
  const fault = rowAt(look.problem?.where.place, built.rowsOf);
  const good = settled && !look.problem && !lacksRate(look);
  const missing = formOf(columns, source).missing;
  const show = (profile: WireProfile, known: string): void => {
    setSource(profile);
    setForm(formOf(columns, profile).form);
    setName(known);
  };
  const take = (): void => {
    closeMapping();
    giveFiles(files, twin, { profile: JSON.stringify(built.profile) });
  };
  return (
    <>
      <SavedMappings
        fits={isRecording}
        profile={built.profile}
        good={good}
        name={name}
        onName={setName}
        onPick={show}
        guess={guess}
      />
      {missing.length > 0 ? (
        <p className={classes.doubt} role="status">
          Not in this table: {missing.slice(0, 12).join(', ')}
        </p>
      ) : null}
      <PreviewTable look={look} columns={columns} fault={fault?.[0]} />
      <TextWays form={form} look={look} onChange={(part) => setForm({ ...form, ...part })} />
      <ColumnRows
        columns={columns}
        rows={form.rows}
        fault={fault}
        tableRate={form.rate}
        onChange={(next) => setForm({ ...form, rows: next })}
      />
      <div className={classes.actions}>
        <CheckNote
          look={look}
          fault={fault && { column: columns[fault[0]]?.name, field: fault[1] }}
          settled={settled}
          error={check.error}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={closeMapping}>
            Cancel
          </Button>
          <Button
            variant="default"
            onClick={() => {
              closeMapping();
              giveFiles(files, twin);
            }}
          >
            {first.plain ? 'Keep as a plain table' : 'Read as it is'}
          </Button>
          <Button onClick={take} disabled={!good}>
            Import with this mapping
          </Button>
        </Group>
      </div>
    </>
  );
}

function isRecording(profile: WireTableProfile): profile is WireProfile {
  return 'streams' in profile;
}

function namesOf(columns: WireTableLook['columns']): string {
  return JSON.stringify(columns.map(({ name }) => name));
}
