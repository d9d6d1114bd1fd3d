/** The moment at which the twin is shown: now, or as it was known after one of its changes. */

import { Menu } from '@mantine/core';
import { IconChevronDown, IconHistory } from '@tabler/icons-react';
import type { TwinView } from '../../../contract/index.ts';
import { formatMoment } from '../../kit/number/format.ts';
import { go, usePlace } from '../../state/place.ts';
import classes from './frame.module.css';

const MOST_SHOWN = 30;

export function AsOfMenu({ view }: { view: TwinView | undefined }) {
  const known = usePlace((place) => place.asOf.known);
  const snapshots = [...(view?.snapshots ?? [])].reverse();
  if (snapshots.length === 0) return null;
  return (
    <Menu width={320}>
      <Menu.Target>
        <button
          type="button"
          className={`${classes.picker} ${classes.wide}`}
          data-past={known ? true : undefined}
          aria-label={`As of ${known ? formatMoment(known) : 'now'}, change`}
        >
          <IconHistory size={15} />
          <span>as of</span> {known ? formatMoment(known) : 'now'}
          <IconChevronDown size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
        <Menu.Item fw={known ? 400 : 600} onClick={() => go({ asOf: {} })}>
          Now
        </Menu.Item>
        <Menu.Label>What the twin knew after</Menu.Label>
        {snapshots.slice(0, MOST_SHOWN).map((snapshot) => (
          <Menu.Item
            key={snapshot.id}
            fw={known === snapshot.at ? 600 : 400}
            onClick={() => go({ asOf: { known: snapshot.at } })}
          >
            <div className="numbers">{formatMoment(snapshot.at)}</div>
            <small style={{ color: 'var(--text-dim)' }}>{snapshot.reason}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
