/** Pictures of the whole column: matrices of every pair of levels, and the run of curvature and torsion. */

import { SegmentedControl, Select, useMantineColorScheme } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { WireArtifact } from '../../contract/index.ts';
import { useBlobs } from '../kit/blobs.ts';
import { EmptyPlace } from '../kit/notes.tsx';
import type { PanelProps } from '../kit/panel.ts';
import { HeatMap } from '../views/chart/heat-map.tsx';
import { LineChart } from '../views/chart/line-chart.tsx';
import { type Matrix, matrixFromCsv, matrixFromJson } from '../views/chart/matrix-table.ts';
import classes from './spine.module.css';

function useMatrix(artifact: WireArtifact | undefined): Matrix | undefined {
  const blobs = useBlobs();
  const [matrix, setMatrix] = useState<{ id: string; matrix: Matrix | undefined }>();
  useEffect(() => {
    const blob =
      artifact?.blobs.find(({ name }) => /\.json$/i.test(name)) ??
      artifact?.blobs.find(({ name }) => /\.csv$/i.test(name));
    if (!artifact || !blob) return;
    let alive = true;
    const read = /\.json$/i.test(blob.name)
      ? blobs.json(blob.sha256).then(matrixFromJson)
      : blobs.bytes(blob.sha256).then((bytes) => matrixFromCsv(new TextDecoder().decode(bytes)));
    read.then(
      (made) => alive && setMatrix({ id: artifact.id, matrix: made }),
      () => alive && setMatrix({ id: artifact.id, matrix: undefined }),
    );
    return () => {
      alive = false;
    };
  }, [artifact, blobs]);
  return matrix?.id === artifact?.id ? matrix?.matrix : undefined;
}

export function MatrixView({ view, select }: Pick<PanelProps, 'view' | 'select'>) {
  const matrices = view.artifacts.filter(({ kind }) => kind === 'table.matrix');
  const [id, setId] = useState<string | null>(null);
  const [look, setLook] = useState<'picture' | 'table'>('picture');
  const artifact = matrices.find((one) => one.id === id) ?? matrices[0];
  const matrix = useMatrix(artifact);
  if (!artifact) return <EmptyPlace title="No matrices yet" />;
  return (
    <div className={classes.pad}>
      <div className={classes.bar} style={{ border: 0, padding: '0 0 10px' }}>
        <Select
          size="xs"
          flex={1}
          aria-label="Matrix"
          allowDeselect={false}
          value={artifact.id}
          onChange={setId}
          data={matrices.map((one) => ({ value: one.id, label: one.name }))}
        />
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={look}
          onChange={(value) => setLook(value as 'picture' | 'table')}
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      {matrix ? (
        <HeatMap
          matrix={matrix}
          title={matrix.definition || artifact.name}
          asTable={look === 'table'}
          onPair={(upper, lower) => select({ level: upper === lower ? upper : `${upper}-${lower}` })}
        />
      ) : null}
    </div>
  );
}

export function CurveView({ curve, select }: Pick<PanelProps, 'curve' | 'select'>) {
  const { colorScheme } = useMantineColorScheme();
  const [look, setLook] = useState<'picture' | 'table'>('picture');
  const lines = useMemo(
    () =>
      curve
        ? [
            { name: 'Curvature', unit: '1/mm', values: curve.curvature },
            { name: 'Torsion', unit: '1/mm', values: curve.torsion },
          ]
        : [],
    [curve],
  );
  const stations = useMemo(
    () => curve?.stations.map(({ level, arcLengthMm }) => ({ name: level, at: arcLengthMm })) ?? [],
    [curve],
  );
  if (!curve || curve.arcLengthMm.length === 0) return <EmptyPlace title="No centre line yet" />;
  const nearest = (at: number): string | undefined =>
    [...stations].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0]?.name;
  return (
    <div className={classes.pad}>
      <div className={classes.bar} style={{ border: 0, padding: '0 0 10px' }}>
        <span className={classes.spring}>Centre line, from head to foot</span>
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={look}
          onChange={(value) => setLook(value as 'picture' | 'table')}
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      {look === 'picture' ? (
        <LineChart
          title="Curvature and torsion along the centre line"
          axisName="From the top"
          axisUnit="mm"
          axis={curve.arcLengthMm}
          lines={lines}
          stations={stations}
          height={300}
          dark={colorScheme !== 'light'}
          onPlace={(at) => select({ level: nearest(at) })}
        />
      ) : (
        <CurveTable curve={curve} stations={stations} />
      )}
    </div>
  );
}

function CurveTable({
  curve,
  stations,
}: {
  curve: NonNullable<PanelProps['curve']>;
  stations: readonly { name: string; at: number }[];
}) {
  const at = (mm: number): number => {
    const i = curve.arcLengthMm.findIndex((s) => s >= mm);
    return i < 0 ? curve.arcLengthMm.length - 1 : i;
  };
  return (
    <table className="numbers" style={{ width: '100%', textAlign: 'right' }} aria-label="Centre line at each level">
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col">From the top, mm</th>
          <th scope="col">Curvature, 1/mm</th>
          <th scope="col">Torsion, 1/mm</th>
        </tr>
      </thead>
      <tbody>
        {stations.map(({ name, at: mm }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{mm.toFixed(0)}</td>
            <td>{curve.curvature[at(mm)]?.toFixed(4)}</td>
            <td>{curve.torsion[at(mm)]?.toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
