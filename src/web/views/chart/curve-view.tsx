/** Curvature and torsion along the centre line, as a picture or as a table. */

import { useMantineColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { SpineCurve } from '../../../model/index.ts';
import { EmptyPlace } from '../../kit/notes.tsx';
import classes from './chart.module.css';
import { LineChart } from './line-chart.tsx';
import { LookSwitch } from './matrix-view.tsx';

export interface CurveViewProps {
  curve: SpineCurve | undefined;
  onLevel(level: string): void;
}

interface Station {
  name: string;
  at: number;
}

export function CurveView({ curve, onLevel }: CurveViewProps) {
  const { colorScheme } = useMantineColorScheme();
  const [look, setLook] = useState<'picture' | 'table'>('picture');
  // each on a scale of its own: torsion runs higher where the curve is nearly straight
  const lines = useMemo(() => {
    const line = (name: string, values: ArrayLike<number>) => ({ name, lines: [{ name, unit: '1/mm', values }] });
    return curve ? [line('Curvature', curve.curvature), line('Torsion', curve.torsion)] : [];
  }, [curve]);
  const stations = useMemo(
    (): Station[] => curve?.stations.map(({ level, arcLengthMm }) => ({ name: level, at: arcLengthMm })) ?? [],
    [curve],
  );
  if (!curve || curve.arcLengthMm.length === 0) return <EmptyPlace title="No centre line yet" />;
  const toNearest = (at: number): void => {
    const [nearest] = [...stations].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
    if (nearest) onLevel(nearest.name);
  };
  return (
    <div className={classes.pad}>
      <div className={classes.bar}>
        <span className={classes.caption}>Centre line, from head to foot</span>
        <LookSwitch value={look} onChange={setLook} />
      </div>
      {look === 'picture' ? (
        lines.map((line) => (
          <LineChart
            key={line.name}
            title={`${line.name} along the centre line`}
            axisName="From the top"
            axisUnit="mm"
            axis={curve.arcLengthMm}
            lines={line.lines}
            stations={stations}
            height={190}
            dark={colorScheme !== 'light'}
            onPlace={toNearest}
          />
        ))
      ) : (
        <CurveTable curve={curve} stations={stations} />
      )}
    </div>
  );
}

function CurveTable({ curve, stations }: { curve: SpineCurve; stations: readonly Station[] }) {
  const sampleAt = (mm: number): number => {
    const i = curve.arcLengthMm.findIndex((s) => s >= mm);
    return i < 0 ? curve.arcLengthMm.length - 1 : i;
  };
  return (
    <table className={classes.table} aria-label="Centre line at each level">
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col">From the top, mm</th>
          <th scope="col">Curvature, 1/mm</th>
          <th scope="col">Torsion, 1/mm</th>
        </tr>
      </thead>
      <tbody>
        {stations.map(({ name, at }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{at.toFixed(0)}</td>
            <td>{curve.curvature[sampleAt(at)]?.toFixed(4)}</td>
            <td>{curve.torsion[sampleAt(at)]?.toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
