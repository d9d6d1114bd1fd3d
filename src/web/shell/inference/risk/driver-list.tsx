/** What drives the risk: signed bars with whiskers, the largest first; apart what was not measured and what is held at zero. */

import { VisuallyHidden } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import type { WireContribution } from '../../../../contract/index.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import { ageText, MODALITY_NAMES, signed, valueText } from '../words.ts';
import classes from './drivers.module.css';
import { groupDrivers, signedBar } from './drivers.ts';

export interface DriverListProps {
  contributions: readonly WireContribution[];
  chosen: string | undefined;
  onChoose(feature: string): void;
}

export const DriverList = memo(function DriverList({ contributions, chosen, onChoose }: DriverListProps) {
  const { measured, missing, held, reach } = useMemo(() => groupDrivers(contributions), [contributions]);
  const rows = (list: readonly WireContribution[]) =>
    list.map((one) => (
      <Driver key={one.feature} one={one} reach={reach} chosen={chosen === one.feature} onChoose={onChoose} />
    ));
  return (
    <section className={classes.list} aria-label="Drivers" data-testid="drivers">
      <h2>
        Drivers
        <span className={classes.scale} aria-hidden="true">
          <span>lowers</span>
          <span className="numbers">± {formatNumber(reach, 1)}</span>
          <span>raises</span>
        </span>
      </h2>
      {measured.length > 0 ? rows(measured) : <p>No feature that is weighed has been measured yet.</p>}
      {missing.length > 0 ? (
        <details open={measured.length < 8}>
          <summary>Not measured, averaged over what is likely ({missing.length})</summary>
          {rows(missing)}
        </details>
      ) : null}
      {held.length > 0 ? (
        <details>
          <summary>Held at zero for want of evidence ({held.length})</summary>
          {rows(held)}
        </details>
      ) : null}
    </section>
  );
});

interface DriverProps {
  one: WireContribution;
  reach: number;
  chosen: boolean;
  onChoose(feature: string): void;
}

function Driver({ one, reach, chosen, onChoose }: DriverProps) {
  const { feature, name, observed, held, modality } = one;
  const bar = signedBar(one, reach);
  const value = observed ? valueText(one) : 'not measured';
  const from = MODALITY_NAMES[modality] ?? modality;
  return (
    <button
      type="button"
      className={classes.driver}
      data-observed={observed || undefined}
      data-held={held || undefined}
      data-sign={one.mean < 0 ? 'lowers' : 'raises'}
      aria-pressed={chosen}
      onClick={() => onChoose(feature)}
    >
      <span className={classes.name}>
        {held ? <IconLock size={12} aria-hidden="true" /> : null}
        {name}{' '}
      </span>
      <span className={classes.facts}>
        {observed ? (
          <>
            <b>{value}</b> · {from} · {ageText(one.ageDays)}
          </>
        ) : (
          from
        )}{' '}
      </span>
      <span className={classes.bar} aria-hidden="true">
        <i className={classes.fill} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
        <i className={classes.whisker} style={{ left: `${bar.from}%`, width: `${bar.to - bar.from}%` }} />
      </span>
      <span className={`${classes.amount} numbers`}>
        {held ? '0' : signed(one.mean)}
        <VisuallyHidden> ± {formatNumber(one.sd, 2)} log-odds</VisuallyHidden>
      </span>
    </button>
  );
}
