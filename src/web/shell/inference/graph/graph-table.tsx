/** The patient graph as a table: every shown node with what it is, what it says, and how many edges it has. */

import { formatDay } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import { signed } from '../words.ts';
import classes from './graph.module.css';
import type { GraphLayout } from './graph-layout.ts';
import type { GraphIndex } from './graph-query.ts';
import { KIND_NAMES, nodeTitle, valueWords } from './graph-words.ts';

export interface GraphTableProps {
  layout: GraphLayout;
  index: GraphIndex;
  chosen: string | undefined;
  onChoose(id: string): void;
}

export function GraphTable({ layout, index, chosen, onChoose }: GraphTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.drawing} tabIndex={0} aria-label="Table of nodes">
      <table className={`${plain.table} ${plain.words} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Kind</th>
            <th scope="col">Value</th>
            <th scope="col">Log-odds</th>
            <th scope="col">When</th>
            <th scope="col">Where</th>
            <th scope="col">Edges in, out</th>
          </tr>
        </thead>
        <tbody className="numbers">
          {layout.nodes.map(({ node }) => (
            <tr key={node.id} data-chosen={node.id === chosen || undefined}>
              <th scope="row">
                <button type="button" onClick={() => onChoose(node.id)}>
                  {nodeTitle(node)}
                </button>
              </th>
              <td>{KIND_NAMES[node.kind]}</td>
              <td>{valueWords(node) || '–'}</td>
              <td>{node.contribution === undefined ? '–' : signed(node.contribution, 3)}</td>
              <td>{node.time ? formatDay(node.time) : '–'}</td>
              <td>{[node.level, node.side].filter(Boolean).join(', ') || '–'}</td>
              <td>
                {index.into.get(node.id)?.length ?? 0}, {index.out.get(node.id)?.length ?? 0}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
