/** The form of a record mapping over the first rows of the table it is for; every change is tried at once. */

import { Button, Group } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireRecordProfile } from '../../../../contract/index.ts';
import { ErrorNote } from '../../../kit/notes.tsx';
import { count } from '../../../kit/number/format.ts';
import { recordOf } from '../../../state/client.ts';
import classes from '../mapping.module.css';
import { closeMapping, giveFiles, lookAt, type OpenMapping } from '../mapping-state.ts';
import { SavedMappings } from '../saved-mappings.tsx';
import { isRecord, type RecordForm, type RecordLook, recordFormOf, recordProfileOf } from './record-form.ts';
import { RecordRows } from './record-rows.tsx';
import { RecordWays } from './record-ways.tsx';

const TYPING_MS = 250;
const UNNAMED = 'columns mapped by hand';
/** Bad cells that are shown one by one. */
const SHOWN_PROBLEMS = 3;

interface RecordSheetProps extends OpenMapping {
  /** base64 of the beginning of the first file */
  head: string;
  first: RecordLook;
  /** nothing reads the table without a mapping */
  plain: boolean;
}

export function RecordSheet({ files, twin, head, first, plain }: RecordSheetProps) {
  const { names } = first;
  const [form, setForm] = useState<RecordForm>(() => recordFormOf(names, first.guess));
  const [name, setName] = useState('');
  const profile = recordProfileOf(form, names, name.trim() || UNNAMED);
  const [tried] = useDebouncedValue(JSON.stringify(profile), TYPING_MS);
  const check = useQuery({
    queryKey: ['record-check', files[0].name, files[0].file.lastModified, tried],
    queryFn: ({ signal }) => lookAt(files[0], head, JSON.parse(tried), signal),
    enabled: tried !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const look = (profile && check.data?.record) || { ...first, facts: 0, problems: [] };
  const settled = check.isFetched && !check.isPlaceholderData && tried === JSON.stringify(profile);
  const good = profile !== undefined && settled && look.facts > 0;
  const empty: WireRecordProfile = { schemaVersion: 1, name: UNNAMED, of: 'record', date: 1 };
  return (
    <>
      <SavedMappings
        fits={isRecord}
        profile={profile ?? empty}
        good={good}
        name={name}
        onName={setName}
        onPick={(picked, known) => {
          setForm(recordFormOf(names, picked));
          setName(known);
        }}
        guess={first.guess ?? empty}
        placeholder="e.g. spine clinic, visits"
      />
      <RecordPreview look={look} />
      <RecordWays form={form} names={names} onChange={(part) => setForm({ ...form, ...part })} />
      {form.shape === 'wide' ? (
        <RecordRows
          look={look}
          rows={form.rows}
          date={form.date}
          fault={look.problems[0]?.where.place}
          onChange={(rows) => setForm({ ...form, rows })}
        />
      ) : null}
      <div className={classes.actions}>
        <RecordCheck look={look} complete={profile !== undefined} settled={settled} error={check.error} />
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
            {plain ? 'Keep as a plain table' : 'Read as it is'}
          </Button>
          <Button
            disabled={!good}
            onClick={() => {
              closeMapping();
              giveFiles(files, twin, { profile: JSON.stringify(profile) });
            }}
          >
            Import with this mapping
          </Button>
        </Group>
      </div>
    </>
  );
}

function RecordPreview({ look }: { look: RecordLook }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys
    <section className={classes.preview} aria-label="First rows of the table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {look.names.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
              <th key={index} scope="col">
                {name || `column ${index + 1}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {look.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
            <tr key={at}>
              {look.names.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                <td key={index}>{look.refused.includes(name) ? '•••' : row[index] || '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RecordCheckProps {
  look: RecordLook;
  complete: boolean;
  settled: boolean;
  error: Error | null;
}

function RecordCheck({ look, complete, settled, error }: RecordCheckProps) {
  if (error) return <ErrorNote error={recordOf(error)} />;
  if (!complete)
    return (
      <p className={classes.doubt} role="status">
        Say which column holds the dates, and of at least one other what it means.
      </p>
    );
  const more = look.problems.length - SHOWN_PROBLEMS;
  return (
    <div className={classes.check} role="status" data-settled={settled || undefined}>
      {look.facts > 0 ? (
        <p>
          <IconCircleCheck size={16} aria-hidden="true" />
          <span>
            Reads as {count(look.facts, 'dated fact')}
            {look.refused.length > 0 ? `; never taken: ${look.refused.join(', ')}` : ''}
          </span>
        </p>
      ) : null}
      {look.problems.slice(0, SHOWN_PROBLEMS).map((problem) => (
        <ErrorNote key={`${problem.where.place} ${problem.message}`} error={problem} />
      ))}
      {more > 0 ? <p>and {count(more, 'more cell')} that cannot be read</p> : null}
    </div>
  );
}
