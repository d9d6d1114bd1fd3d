/** A clinical record: facts by group with date, value and code, a line of years, search, and what was left out and why. */

import { TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { ClinicalFact, ClinicalRecord, LeftOut } from '../../../model/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import { SyntheticBadge } from '../../kit/notes.tsx';
import { count } from '../../kit/number/format.ts';
import { FactRow } from './fact-row.tsx';
import classes from './record.module.css';
import { type FactGroup, factByReference, findFacts, groupFacts, timeBins } from './record-facts.ts';

export interface RecordViewProps {
  record: ClinicalRecord;
  /** row (`#12`), id or place of the fact to show */
  fact?: string;
}

export function RecordView({ record, fact }: RecordViewProps) {
  const [search, setSearch] = useState('');
  const [span, setSpan] = useState<string>();
  const words = useDeferredValue(search);
  const chosen = useMemo(() => factByReference(record, fact), [record, fact]);
  const found = useMemo(() => findFacts(record.facts, words, span), [record, words, span]);
  const groups = useMemo(() => groupFacts(found), [found]);
  const opened = words !== '' || span !== undefined || record.facts.length <= SMALL;
  // a fact that evidence leads to is never hidden by a search
  useEffect(() => {
    if (!chosen) return;
    setSearch('');
    setSpan(undefined);
  }, [chosen]);
  return (
    <div className={classes.record} data-testid="record">
      <header className={classes.head}>
        <span>{personText(record)}</span>
        {record.synthetic ? <SyntheticBadge /> : null}
        <small>{count(record.facts.length, 'fact')}</small>
      </header>
      <TextInput
        size="xs"
        aria-label="Search the record"
        placeholder="Search: a word, a code, a date"
        leftSection={<IconSearch size={15} />}
        rightSection={
          search ? (
            <IconAction name="Clear the search" size={22} onClick={() => setSearch('')}>
              <IconX size={14} />
            </IconAction>
          ) : null
        }
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <TimeLine record={record} span={span} onSpan={setSpan} />
      {groups.length === 0 ? <p className={classes.dim}>Nothing in this record matches.</p> : null}
      {groups.map((group) => (
        <Group key={group.id} group={group} chosen={chosen} opened={opened} />
      ))}
      <LeftOutList title="Not taken over" about="resources that did not become facts" list={record.skipped} />
      <LeftOutList title="Fields not read" about="identity and free text never enter" list={record.withheld} />
    </div>
  );
}

function personText({ person }: ClinicalRecord): string {
  const sex = person.sex && person.sex !== 'unknown' ? person.sex : 'sex not stated';
  return [
    sex,
    person.birthYear ? `born ${person.birthYear}` : 'year of birth not stated',
    person.deceased && 'has died',
  ]
    .filter(Boolean)
    .join(', ');
}

interface TimeLineProps {
  record: ClinicalRecord;
  span: string | undefined;
  onSpan(span: string | undefined): void;
}

function TimeLine({ record, span, onSpan }: TimeLineProps) {
  const bins = useMemo(() => timeBins(record.facts), [record]);
  const most = Math.max(1, ...bins.map((one) => one.count));
  if (bins.length < 2) return null;
  return (
    <div className={classes.years}>
      <div className={classes.bars}>
        {bins.map(({ span: name, count: n }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === span}
            aria-label={`${name}: ${count(n, 'fact')}`}
            title={`${name}: ${count(n, 'fact')}`}
            disabled={n === 0}
            onClick={() => onSpan(name === span ? undefined : name)}
          >
            <i style={{ height: `${n === 0 ? 0 : 12 + 88 * Math.sqrt(n / most)}%` }} />
          </button>
        ))}
      </div>
      <div className={`${classes.ends} numbers`}>
        <span>{bins[0].span}</span>
        {span ? (
          <button type="button" onClick={() => onSpan(undefined)}>
            only {span}: show all
          </button>
        ) : null}
        <span>{bins[bins.length - 1].span}</span>
      </div>
    </div>
  );
}

/** A record with no more facts than this opens all its groups. */
const SMALL = 60;
const FIRST_SHOWN = 12;
const MORE = 60;

interface GroupProps {
  group: FactGroup;
  chosen: ClinicalFact | undefined;
  opened: boolean;
}

function Group({ group, chosen, opened }: GroupProps) {
  const at = chosen ? group.facts.indexOf(chosen) : -1;
  const [open, setOpen] = useState(opened);
  const [shown, setShown] = useState(FIRST_SHOWN);
  const body = useRef<HTMLDetailsElement>(null);
  const limit = Math.max(shown, at + 1);
  useEffect(() => setOpen(opened), [opened]);
  useEffect(() => {
    if (at < 0) return;
    setOpen(true);
    const ticket = requestAnimationFrame(() =>
      body.current?.querySelector('[data-chosen]')?.scrollIntoView({ block: 'center' }),
    );
    return () => cancelAnimationFrame(ticket);
  }, [at]);
  return (
    <details ref={body} className={classes.group} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {group.name} <small>{group.facts.length}</small>
        {group.scale ? <em>nanoscale</em> : null}
      </summary>
      <ul className={classes.facts}>
        {group.facts.slice(0, limit).map((fact) => (
          <FactRow key={fact.id} fact={fact} chosen={fact === chosen} />
        ))}
      </ul>
      {group.facts.length > limit ? (
        <button type="button" className={classes.more} onClick={() => setShown(limit + MORE)}>
          {Math.min(MORE, group.facts.length - limit)} more of {group.facts.length}
        </button>
      ) : null}
    </details>
  );
}

function LeftOutList({ title, about, list }: { title: string; about: string; list: readonly LeftOut[] }) {
  if (list.length === 0) return null;
  const all = list.reduce((sum, one) => sum + one.count, 0);
  return (
    <details className={classes.group}>
      <summary>
        {title} <small>{all}</small> <em>{about}</em>
      </summary>
      <ul className={classes.left}>
        {list.map(({ what, reason, count: n }) => (
          <li key={`${what} ${reason}`}>
            <b className={`${classes.leftCount} numbers`}>{n}</b>
            <span>
              {what} <small className={classes.leftWhy}>{reason}</small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
