/** All twins: find one, begin one, drop files for one. */

import { Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { IconLayoutGrid, IconList, IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import type { WireTwinSummary } from '../../../contract/index.ts';
import { EmptyPlace, ErrorNote } from '../../kit/notes.tsx';
import { count } from '../../kit/number/format.ts';
import { recordOf } from '../../state/client.ts';
import { openSheet } from '../../state/overlays.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { useTwins } from '../../state/queries.ts';
import { ResearchLine } from '../frame/research-line.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { DropZone } from './drop-zone.tsx';
import classes from './patients.module.css';
import { TwinCards, TwinTable } from './twin-list.tsx';

export function PatientsScreen() {
  return (
    <div className={classes.screen}>
      <TopBar />
      <main className={classes.main}>
        <div className={classes.page}>
          <Patients />
        </div>
      </main>
      <ResearchLine />
    </div>
  );
}

function Patients() {
  const { data: twins, error, refetch } = useTwins();
  const [search, setSearch] = useState('');
  const look = usePreferences((state) => state.patientsAs);
  if (error) return <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} />;
  const found = (twins ?? [])
    .filter((twin) => matches(twin, search))
    .sort((a, b) => b.changedAt.localeCompare(a.changedAt));
  return (
    <>
      <div className={classes.head}>
        <h1>Patients</h1>
        <span>{twins ? count(twins.length, 'twin') : ''}</span>
        <TextInput
          w={230}
          size="xs"
          aria-label="Search patients"
          placeholder="Search"
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={look}
          onChange={(value) => prefer({ patientsAs: value as 'cards' | 'table' })}
          data={[
            { value: 'cards', label: <IconLayoutGrid size={15} aria-label="Cards" /> },
            { value: 'table', label: <IconList size={15} aria-label="Table" /> },
          ]}
        />
        <Button leftSection={<IconPlus size={15} />} onClick={() => openSheet({ newTwin: [] })}>
          New twin
        </Button>
      </div>
      <DropZone big={twins?.length === 0} />
      {twins === undefined ? <Skeleton height={120} radius="md" aria-label="Loading" /> : null}
      {twins && twins.length > 0 && found.length === 0 ? (
        <EmptyPlace icon={<IconUsersGroup size={30} stroke={1.4} />} title={`No patient matches “${search}”`} />
      ) : null}
      {found.length > 0 ? look === 'cards' ? <TwinCards twins={found} /> : <TwinTable twins={found} /> : null}
    </>
  );
}

function matches(twin: WireTwinSummary, search: string): boolean {
  const text = `${twin.alias} ${twin.synthetic ? 'synthetic demo' : ''}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
