/** A matrix of the whole column in perceptual colours; press a cell to look at the two vertebrae. */

import { useState } from 'react';
import { type ColourMap, cssRgb, mapColour } from '../../kit/colour.ts';
import { DASH, formatNumber } from '../../kit/number/format.ts';
import classes from './heat-map.module.css';
import type { Matrix } from './matrix-table.ts';

export interface HeatMapProps {
  matrix: Matrix;
  title: string;
  asTable: boolean;
  map?: ColourMap;
  onPair(upper: string, lower: string): void;
}

const CELL = 10;
const EDGE = 18;

export function HeatMap({ matrix, title, asTable, map = 'cividis', onPair }: HeatMapProps) {
  const { levels, values, unit } = matrix;
  const [over, setOver] = useState<[number, number]>();
  const known = values.flat().filter((value): value is number => value !== null);
  const low = Math.min(...known, 0);
  const high = Math.max(...known, low + 1e-9);
  const decimals = high - low > 30 ? 0 : 1;
  const text = (value: number | null): string => (value === null ? DASH : formatNumber(value, decimals));
  if (asTable) return <MatrixTable matrix={matrix} title={title} text={text} />;
  const side = EDGE + levels.length * CELL;
  const read = over
    ? `${levels[over[0]]} to ${levels[over[1]]}: ${text(values[over[0]][over[1]])} ${unit}`
    : `${title}${unit ? `, ${unit}` : ''}`;
  return (
    <div className={classes.wrap}>
      <div className={classes.read} aria-live="off">
        {read}
      </div>
      <svg
        className={classes.map}
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={`${title}, ${levels.length} by ${levels.length} levels`}
        onPointerLeave={() => setOver(undefined)}
      >
        {levels.map((level, i) => (
          <g key={level}>
            <text x={EDGE - 2} y={EDGE + i * CELL + CELL / 2} textAnchor="end" dominantBaseline="central">
              {level}
            </text>
            <text
              transform={`translate(${EDGE + i * CELL + CELL / 2} ${EDGE - 2}) rotate(-90)`}
              dominantBaseline="central"
            >
              {level}
            </text>
          </g>
        ))}
        {values.map((row, r) =>
          row.map((value, c) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: for keys there is the table form of the matrix
            <rect
              key={`${levels[r]} ${levels[c]}`}
              x={EDGE + c * CELL}
              y={EDGE + r * CELL}
              width={CELL - 0.4}
              height={CELL - 0.4}
              fill={value === null ? 'var(--surface-sunk)' : cssRgb(mapColour(map, (value - low) / (high - low)))}
              onPointerEnter={() => setOver([r, c])}
              onClick={() => (r < c ? onPair(levels[r], levels[c]) : onPair(levels[c], levels[r]))}
            />
          )),
        )}
      </svg>
      <div className={classes.legend}>
        {text(low)}
        <i
          style={{
            background: `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => cssRgb(mapColour(map, i / 8))).join(', ')})`,
          }}
        />
        {text(high)} {unit}
      </div>
    </div>
  );
}

function MatrixTable({ matrix, title, text }: { matrix: Matrix; title: string; text(value: number | null): string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label={`${title}, table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{matrix.unit}</th>
            {matrix.levels.map((level) => (
              <th key={level} scope="col">
                {level}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.values.map((row, r) => (
            <tr key={matrix.levels[r]}>
              <th scope="row">{matrix.levels[r]}</th>
              {row.map((value, c) => (
                <td key={matrix.levels[c]}>{text(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
