/** Is every sensor fastened, facing and undisturbed? A card each, with what is doubtful and what to do; and the same as a table. */

import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { WireArtifact } from '../../contract/index.ts';
import type { MotionBench } from '../kit/motion.ts';
import { count, DASH, formatNumber } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { SaveTableMenu } from '../kit/table/save-table-menu.tsx';
import { useTable } from '../kit/table/use-table.ts';
import {
  checksTable,
  SENSOR_LIMITS,
  type SensorCheck,
  sensorChecks,
} from '../views/motion/calibration/sensor-checks.ts';
import { FieldStrip, HeadingDial, LimitBar } from '../views/motion/calibration/sensor-dials.tsx';
import classes from './calibration.module.css';
import table from './window.module.css';

/** The newest table that a capability made of the session's recordings. */
function tableOf(
  artifacts: readonly WireArtifact[],
  motion: MotionBench | undefined,
  capability: string,
): WireArtifact | undefined {
  const here = new Set(motion?.session?.artifacts.map(({ acquisition }) => acquisition));
  return artifacts.findLast(
    ({ kind, provenance, acquisition }) =>
      kind === 'table.record' && provenance.capability === capability && here.has(acquisition),
  );
}

function CalibrationPanel({ view, motion, actions }: PanelProps) {
  const [busy, setBusy] = useState(false);
  const sensors = useTable(tableOf(view.artifacts, motion, 'imu-orientation'));
  const calibration = useTable(tableOf(view.artifacts, motion, 'segment-angles'));
  const events = motion?.events;
  const checks = useMemo(() => sensorChecks(sensors, calibration, events ?? []), [sensors, calibration, events]);
  const doubtful = checks.filter(({ state }) => state === 'doubtful').length;
  const whole = motion?.whole ?? [0, 1];
  if (checks.length === 0) {
    const wears = motion?.session?.artifacts.some(({ kind }) => kind === 'signal.imu' || kind === 'signal.orientation');
    const run = (): void => {
      setBusy(true);
      void actions.run('segment-angles').finally(() => setBusy(false));
    };
    return (
      <div className={classes.panel}>
        <p className={classes.hint}>
          {wears
            ? 'Sensors have not been checked yet: the angles of segments are measured first.'
            : 'This recording has no inertial sensors. Choose another one above the body.'}
        </p>
        {wears ? (
          <Button size="compact-sm" variant="light" w="fit-content" loading={busy} onClick={run}>
            Measure angles of segments
          </Button>
        ) : null}
      </div>
    );
  }
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <h3>
          {count(checks.length, 'sensor')}
          <small>{doubtful > 0 ? `${doubtful} doubtful` : 'none doubtful'}</small>
        </h3>
        <SaveTableMenu table={() => checksTable(checks)} name={`${view.twin.alias} calibration`} />
      </header>
      <p className={classes.hint}>
        Limits: gravity {SENSOR_LIMITS.gravityDeg}°, heading {SENSOR_LIMITS.headingDeg}°, disturbed field{' '}
        {SENSOR_LIMITS.fieldShare} % of the time, bias {SENSOR_LIMITS.biasDegS} °/s. A bar reaches its middle at the
        limit; the compass shows the heading that was taken, and dashed what the bending says.
      </p>
      <ul className={classes.cards}>
        {checks.map((check) => (
          <SensorCard key={check.sensor} check={check} whole={whole} />
        ))}
      </ul>
      <CheckTable checks={checks} />
    </div>
  );
}

const STATE_WORDS = { fine: 'fine', doubtful: 'doubtful', unchecked: 'not checked' } as const;

function nameOf({ sensor, segment, side }: SensorCheck): { name: string; note: string } {
  const place = [segment?.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(), side].filter(Boolean).join(' ');
  return { name: place || sensor, note: place && place !== sensor.replace('.', ' ') ? `sensor ${sensor}` : '' };
}

function SensorCard({ check, whole }: { check: SensorCheck; whole: MotionBench['whole'] }) {
  const { name, note } = nameOf(check);
  const { gravityDeg, headingDeg, headingFrom, mismatchDeg, fieldShare, biasDegS, biasSdDegS, driftDeg } = check;
  return (
    <li data-testid="sensor-check" data-state={check.state}>
      <div className={classes.name}>
        <b>{name}</b>
        <small>{note}</small>
        <span className={classes.badge} data-state={check.state}>
          {STATE_WORDS[check.state]}
        </span>
      </div>
      <div className={classes.measures}>
        <dl>
          <dt>Gravity</dt>
          <dd>{degrees(gravityDeg)}</dd>
          <LimitCell value={gravityDeg} limit={SENSOR_LIMITS.gravityDeg} />
          <dt>Bias</dt>
          <dd>
            {biasDegS === undefined ? DASH : `${formatNumber(biasDegS, 2)} °/s`}
            {biasSdDegS === undefined || biasDegS === undefined ? null : (
              <small> ± {formatNumber(biasSdDegS, 2)}</small>
            )}
          </dd>
          <LimitCell value={biasDegS} limit={SENSOR_LIMITS.biasDegS} />
          <dt>Field</dt>
          <dd>{fieldShare === undefined ? DASH : `${formatNumber(fieldShare, 0)} % off`}</dd>
          <dd className={classes.picture}>
            <FieldStrip disturbed={check.disturbed} whole={whole} />
          </dd>
        </dl>
        <div className={classes.heading}>
          <HeadingDial headingDeg={headingDeg} mismatchDeg={mismatchDeg} limitDeg={SENSOR_LIMITS.headingDeg} />
          <p>
            Heading {degrees(headingDeg)}
            <br />
            <small title={headingFrom && `from ${headingFrom}`}>
              {mismatchDeg === undefined ? 'its bending is too small to tell' : `bending says ${signed(mismatchDeg)}`}
              {driftDeg === undefined ? '' : `, drift ${degrees(driftDeg)} taken out`}
            </small>
          </p>
        </div>
      </div>
      {check.doubts.map(({ what, remedy }) => (
        <p key={what} className={classes.doubt}>
          <b>{what}</b> {remedy}
        </p>
      ))}
    </li>
  );
}

function LimitCell({ value, limit }: { value: number | undefined; limit: number }) {
  return (
    <dd className={classes.picture}>
      <LimitBar value={value} limit={limit} />
    </dd>
  );
}

function degrees(value: number | undefined): string {
  return value === undefined ? DASH : `${formatNumber(value, Math.abs(value) < 10 ? 1 : 0)}°`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${degrees(value)}`;
}

function CheckTable({ checks }: { checks: readonly SensorCheck[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={table.scroll} tabIndex={0} aria-label="Sensors, table">
      <table className={table.table}>
        <thead>
          <tr>
            {['Sensor', 'State', 'Gravity', 'Heading', 'Mismatch', 'Field off', 'Bias', 'Rest'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.sensor}>
              <th scope="row">{check.sensor}</th>
              <td>{STATE_WORDS[check.state]}</td>
              <td>{degrees(check.gravityDeg)}</td>
              <td>{degrees(check.headingDeg)}</td>
              <td>{check.mismatchDeg === undefined ? DASH : signed(check.mismatchDeg)}</td>
              <td>{check.fieldShare === undefined ? DASH : `${formatNumber(check.fieldShare, 0)} %`}</td>
              <td>{check.biasDegS === undefined ? DASH : `${formatNumber(check.biasDegS, 2)} °/s`}</td>
              <td>{check.restShare === undefined ? DASH : `${formatNumber(check.restShare, 0)} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export const calibrationPanel = definePanel({
  id: 'calibration',
  title: 'Calibration',
  kinds: ['signal.imu', 'signal.orientation'],
  component: CalibrationPanel,
});
