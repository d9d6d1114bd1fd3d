/** Matrices of every pair of levels, as a picture or as a table. */

import { SegmentedControl, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import { useBlobs } from '../../kit/blobs.ts';
import { EmptyPlace } from '../../kit/notes.tsx';
import classes from './chart.module.css';
import { HeatMap } from './heat-map.tsx';
import { type Matrix, matrixFromCsv, matrixFromJson } from './matrix-table.ts';

/** The matrix of an artifact, once it has been read. */
export function useMatrix(artifact: WireArtifact | undefined): Matrix | undefined {
  return useMatrixRead(artifact).matrix;
}

/** The same, and whether it could not be read. */
export function useMatrixRead(artifact: WireArtifact | undefined): { matrix: Matrix | undefined; failed: boolean } {
  const blobs = useBlobs();
  const [read, setRead] = useState<{ id: string; matrix: Matrix | undefined }>();
  useEffect(() => {
    const json = artifact?.blobs.find(({ name }) => /\.json$/i.test(name));
    const csv = artifact?.blobs.find(({ name }) => /\.csv$/i.test(name));
    if (!artifact || !(json ?? csv)) return;
    let alive = true;
    const keep = (matrix: Matrix | undefined): void => {
      if (alive) setRead({ id: artifact.id, matrix });
    };
    const reading = json
      ? blobs.json(json.sha256).then(matrixFromJson)
      : blobs.bytes(csv?.sha256 ?? '').then((bytes) => matrixFromCsv(new TextDecoder().decode(bytes)));
    reading.then(keep, () => keep(undefined));
    return () => {
      alive = false;
    };
  }, [artifact, blobs]);
  const own = read !== undefined && read.id === artifact?.id;
  return { matrix: own ? read.matrix : undefined, failed: own && read.matrix === undefined };
}

export interface MatrixViewProps {
  /** artifacts of kind `table.matrix` */
  matrices: readonly WireArtifact[];
  /** a level, or the two levels of a pair: `L1-L5` */
  onLevel(level: string): void;
}

export function MatrixView({ matrices, onLevel }: MatrixViewProps) {
  const [id, setId] = useState<string | null>(null);
  const [look, setLook] = useState<'picture' | 'table'>('picture');
  const artifact = matrices.find((one) => one.id === id) ?? matrices[0];
  const matrix = useMatrix(artifact);
  if (!artifact) return <EmptyPlace title="No matrices yet" />;
  return (
    <div className={classes.pad}>
      <div className={classes.bar}>
        <Select
          size="xs"
          flex={1}
          aria-label="Matrix"
          allowDeselect={false}
          value={artifact.id}
          onChange={setId}
          data={matrices.map((one) => ({ value: one.id, label: plainName(one.name) }))}
        />
        <LookSwitch value={look} onChange={setLook} />
      </div>
      {matrix ? (
        <HeatMap
          matrix={matrix}
          title={matrix.definition || plainName(artifact.name)}
          asTable={look === 'table'}
          onPair={(upper, lower) => onLevel(upper === lower ? upper : `${upper}-${lower}`)}
        />
      ) : null}
    </div>
  );
}

/** `endplate-angle-coronal` is said `Endplate angle, coronal`. */
function plainName(name: string): string {
  const words = name.replaceAll('-', ' ').replace(/ (coronal|sagittal|axial)$/, ', $1');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function LookSwitch({
  value,
  onChange,
}: {
  value: 'picture' | 'table';
  onChange(value: 'picture' | 'table'): void;
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Show as"
      value={value}
      onChange={(next) => onChange(next as 'picture' | 'table')}
      data={[
        { value: 'picture', label: 'Picture' },
        { value: 'table', label: 'Table' },
      ]}
    />
  );
}
