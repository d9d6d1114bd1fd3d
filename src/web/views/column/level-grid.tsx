/** The column as a table: a row a vertebra, a quieter row a space; every number opens its evidence. */

import { memo, useEffect, useMemo, useRef } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { FeatureNumber } from '../../kit/number/feature-number.tsx';
import { DASH, unitLabel } from '../../kit/number/format.ts';
import classes from './level-grid.module.css';
import type { ColumnGroup, LevelRow, LevelTable } from './level-rows.ts';

export interface LevelGridProps {
  table: LevelTable;
  group: ColumnGroup;
  definitions: ReadonlyMap<string, WireFeatureDefinition>;
  chosenLevel: string | undefined;
  chosenFeature: string | undefined;
  onLevel(level: string): void;
  onFeature(feature: WireFeature): void;
}

export function LevelGrid(props: LevelGridProps) {
  const { table, group, chosenLevel } = props;
  const columns = useMemo(() => table.columns.filter((column) => column.group === group), [table, group]);
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    if (chosenLevel)
      body.current?.querySelector(`[data-level="${CSS.escape(chosenLevel)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosenLevel]);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={`${group} by level`}>
        <thead>
          <tr>
            <th scope="col">Level</th>
            {columns.map(({ key, name, title, unit }) => (
              <th key={key} scope="col" title={title}>
                {name}
                <small>{unitLabel(unit) || '\u00a0'}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {table.rows.map((row) => (
            <Row
              key={row.level}
              row={row}
              columns={columns}
              definitions={props.definitions}
              chosen={chosenLevel === row.level}
              chosenFeature={
                row.cells.size > 0 && [...row.cells.values()].some(({ id }) => id === props.chosenFeature)
                  ? props.chosenFeature
                  : undefined
              }
              onLevel={props.onLevel}
              onFeature={props.onFeature}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = Pick<LevelGridProps, 'definitions' | 'chosenFeature' | 'onLevel' | 'onFeature'> & {
  row: LevelRow;
  columns: LevelTable['columns'];
  chosen: boolean;
};

const Row = memo(function Row({ row, columns, definitions, chosen, chosenFeature, onLevel, onFeature }: RowProps) {
  return (
    <tr className={`${row.space ? classes.space : ''} ${chosen ? classes.chosen : ''}`} data-level={row.level}>
      <th scope="row">
        <button type="button" className={classes.level} aria-pressed={chosen} onClick={() => onLevel(row.level)}>
          {row.level}
        </button>
      </th>
      {columns.map(({ key, decimals, ofBodies, ofSpaces }) => {
        const feature = row.cells.get(key);
        return (
          <td key={key} className={feature ? undefined : classes.gap}>
            {feature ? (
              <FeatureNumber
                feature={feature}
                definition={definitions.get(feature.definition)}
                decimals={decimals}
                chosen={chosenFeature === feature.id}
                onChoose={onFeature}
              />
            ) : (row.space ? ofSpaces : ofBodies) ? (
              <span title="Not measured at this level">{DASH}</span>
            ) : null}
          </td>
        );
      })}
    </tr>
  );
});
