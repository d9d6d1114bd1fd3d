/** How alike each moment is to each other: the matrix as a picture, a click leads to the moment. */

import { Button, Select } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Table, Unit } from '../../model/index.ts';
import { cssRgb, mapColour } from '../kit/colour.ts';
import { formatNumber, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { SaveTableMenu } from '../kit/table/save-table-menu.tsx';
import type { Matrix } from '../views/chart/matrix-table.ts';
import { useMatrixRead } from '../views/chart/matrix-view.tsx';
import classes from './similarity.module.css';

/** Largest and smallest value of a matrix; `[0, 1]` where it is empty. */
export function matrixRange({ values }: Pick<Matrix, 'values'>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of values)
    for (const value of row) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : [0, 1];
}

/** Seconds in a row's name, where it holds some: `1.25` or `1.25 s`. */
export function secondsOf(name: string): number | undefined {
  const found = /^(-?\d+(?:\.\d+)?)(?:\s*s)?$/.exec(name.trim());
  return found ? Number(found[1]) : undefined;
}

function SimilarityPanel({ view, motion, actions }: PanelProps) {
  const [id, setId] = useState<string | null>(null);
  const matrices = view.artifacts.filter(
    ({ kind, provenance }) => kind === 'table.matrix' && provenance.capability !== 'spine-geometry',
  );
  const artifact = matrices.find((one) => one.id === id) ?? matrices[0];
  const { matrix, failed } = useMatrixRead(artifact);
  const [busy, setBusy] = useState(false);
  const run = (): void => {
    setBusy(true);
    void actions.run('video-kinematics').finally(() => setBusy(false));
  };
  if (!artifact)
    return (
      <div className={classes.panel}>
        <p className={classes.hint}>
          Nothing has been compared yet. A moving body (surface, cloud, depth, skeleton) makes a matrix.
        </p>
        <Button size="compact-sm" variant="light" w="fit-content" loading={busy} onClick={run}>
          Measure the moving body
        </Button>
      </div>
    );
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        aria-label="Matrix"
        allowDeselect={false}
        value={artifact.id}
        onChange={setId}
        data={matrices.map(({ id: value, name }) => ({ value, label: name }))}
      />
      {matrix ? (
        <>
          <MatrixPicture key={artifact.id} matrix={matrix} title={artifact.name} seek={motion?.seek} />
          <SaveTableMenu table={() => matrixTable(matrix)} name={`${view.twin.alias} ${artifact.name}`} />
        </>
      ) : (
        <p className={classes.hint} role="status">
          {failed ? 'This matrix cannot be read. Measure the moving body again.' : 'Loading …'}
        </p>
      )}
    </div>
  );
}

/** A moment as a reader says it; any other name as it is. */
function momentName(name: string): string {
  const timeS = secondsOf(name);
  return timeS === undefined ? name : `${timeS.toFixed(2)} s`;
}

/** A matrix as a table: the first column names the rows. */
export function matrixTable({ levels, unit, definition, values }: Matrix): Table {
  const width = values[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, c) => ({
    name: levels[c] ?? String(c + 1),
    unit: unit as Unit,
    definition,
    values: values.map((row) => row[c]),
  }));
  return { columns: [{ name: 'row', definition: 'what each row and column stands for', values: levels }, ...columns] };
}

const KEY_STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface MatrixPictureProps {
  matrix: Matrix;
  title: string;
  seek: ((timeS: number) => void) | undefined;
}

function MatrixPicture({ matrix, title, seek }: MatrixPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [over, setOver] = useState<[number, number]>();
  const { values, levels, unit, definition } = matrix;
  const [low, high] = matrixRange(matrix);
  const columns = values[0]?.length ?? 0;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || columns === 0) return;
    const image = context.createImageData(columns, values.length);
    for (const [r, row] of values.entries())
      for (const [c, value] of row.entries()) {
        const colour = value === null ? [128, 128, 128] : mapColour('viridis', (value - low) / (high - low || 1));
        image.data.set([colour[0], colour[1], colour[2], value === null ? 60 : 255], 4 * (r * columns + c));
      }
    context.putImageData(image, 0, 0);
  }, [values, columns, low, high]);
  const cell = (event: React.PointerEvent | React.MouseEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = (share: number, n: number): number => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
    return [
      at((event.clientY - box.top) / box.height, values.length),
      at((event.clientX - box.left) / box.width, columns),
    ];
  };
  const goTo = (row: number): void => {
    const timeS = secondsOf(levels[row] ?? '');
    if (timeS !== undefined) seek?.(timeS);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = KEY_STEPS[event.key];
    if (step) {
      const [row, column] = over ?? [0, 0];
      const most = event.shiftKey ? 10 : 1;
      const within = (at: number, n: number): number => Math.min(n - 1, Math.max(0, at));
      if (over) setOver([within(row + most * step[0], values.length), within(column + most * step[1], columns)]);
      else setOver([row, column]);
    } else if (event.key === 'Enter' && over) goTo(over[0]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const value = over ? values[over[0]][over[1]] : null;
  const decimals = high - low > 30 ? 0 : high - low > 3 ? 1 : 3;
  const read =
    over && value !== null
      ? `${momentName(levels[over[0]])} and ${momentName(levels[over[1]] ?? String(over[1]))}: ${formatNumber(value, decimals)} ${unitLabel(unit)}`
      : definition || title;
  return (
    <>
      <p className={classes.hint} aria-live="polite">
        {read}
      </p>
      <canvas
        ref={canvas}
        className={classes.picture}
        width={Math.max(1, columns)}
        height={Math.max(1, values.length)}
        role="img"
        aria-label={`${title}, ${values.length} by ${columns}; arrow keys read it, Enter goes to the moment`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setOver(cell(event))}
        onPointerLeave={() => setOver(undefined)}
        onClick={(event) => goTo(cell(event)[0])}
      />
      <div className={classes.legend}>
        {formatNumber(low, decimals)}
        <i
          style={{
            background: `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => cssRgb(mapColour('viridis', i / 8))).join(', ')})`,
          }}
        />
        {formatNumber(high, decimals)} {unitLabel(unit)}
      </div>
    </>
  );
}

export const similarityPanel = definePanel({
  id: 'similarity',
  title: 'Similarity',
  kinds: ['table.matrix', 'sequence.mesh', 'sequence.cloud', 'sequence.depth', 'sequence.skeleton'],
  component: SimilarityPanel,
});
