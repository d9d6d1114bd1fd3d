/** Switch to another patient without leaving the screen. */

import { Menu, TextInput, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconSearch, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { SyntheticBadge } from '../../kit/notes.tsx';
import { formatAgo } from '../../kit/number/format.ts';
import { go } from '../../state/place.ts';
import { useTwins } from '../../state/queries.ts';
import classes from './frame.module.css';

const MOST_SHOWN = 12;

export function PatientMenu({ twin, view }: { twin: string; view: TwinView | undefined }) {
  const { data: twins = [] } = useTwins();
  const [search, setSearch] = useState('');
  const alias = view?.twin.alias ?? twins.find((t) => t.id === twin)?.alias ?? '…';
  const found = twins.filter((t) => t.alias.toLowerCase().includes(search.toLowerCase())).slice(0, MOST_SHOWN);
  return (
    <>
      <VisuallyHidden component="h1">{alias}</VisuallyHidden>
      <Menu width={280} onClose={() => setSearch('')}>
        <Menu.Target>
          <button type="button" className={classes.picker} aria-label={`Patient ${alias}, switch`}>
            <b>{alias}</b>
            <IconChevronDown size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {twins.length > 6 ? (
            <TextInput
              m={4}
              size="xs"
              placeholder="Search patients"
              aria-label="Search patients"
              leftSection={<IconSearch size={14} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          ) : null}
          {found.map((t) => (
            <Menu.Item
              key={t.id}
              onClick={() => go({ twin: t.id, screen: 'overview', asOf: {} })}
              rightSection={
                t.synthetic ? (
                  <SyntheticBadge />
                ) : (
                  <small style={{ color: 'var(--text-dim)' }}>{formatAgo(t.changedAt)}</small>
                )
              }
              fw={t.id === twin ? 600 : 400}
            >
              {t.alias}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconUsers size={15} />} onClick={() => go({ screen: 'patients', twin: undefined })}>
            All patients
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {view?.twin.synthetic ? (
        <span className={classes.generated}>
          <SyntheticBadge />
        </span>
      ) : null}
    </>
  );
}
