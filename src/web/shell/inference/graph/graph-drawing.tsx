/** The patient graph drawn: layers with their boxes, edges between them, and the ladder of the spine. */

import { type KeyboardEvent, memo, useEffect, useId, useRef } from 'react';
import { LOCK } from '../../../views/chord/chord-shapes.ts';
import classes from './graph.module.css';
import { type GraphLayout, type PlacedEdge, type PlacedNode, stepNode } from './graph-layout.ts';
import { nodeFacts, nodeNote, nodeTitle } from './graph-words.ts';

export interface GraphDrawingProps {
  layout: GraphLayout;
  chosen: string | undefined;
  /** nodes that stand out beside the chosen one; all when undefined */
  lit: ReadonlySet<string> | undefined;
  onChoose(id: string | undefined): void;
  /** Enter on the chosen node */
  onOpen(id: string): void;
}

const LAYER_NAMES = {
  patient: 'Patient',
  exam: 'Examinations in time',
  measured: 'Numbers of the twin',
  feature: 'Features',
  construct: 'What they speak for',
  outcome: 'Outcome',
} as const;

export const GraphDrawing = memo(function GraphDrawing(props: GraphDrawingProps) {
  const { layout, chosen, lit, onChoose, onOpen } = props;
  const own = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) box.current?.querySelector('[data-chosen]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      if (chosen) onOpen(chosen);
    } else if (event.key === 'Escape' && chosen) onChoose(undefined);
    else if (/^Arrow/.test(event.key)) onChoose(stepNode(layout, chosen, event.key)?.node.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const ladder = layout.nodes.find(({ layer }) => layer === 'ladder');
  const shown = chosen !== undefined && layout.nodes.some(({ node }) => node.id === chosen);
  return (
    <div ref={box} className={classes.drawing} data-testid="patient-graph">
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the list inside is named; a title would hang under the mouse */}
      <svg width={layout.width} height={layout.height}>
        {layout.layers.map(({ layer, x }) => (
          <text key={layer} x={x} y={17} className={classes.layer}>
            {LAYER_NAMES[layer]}
          </text>
        ))}
        {ladder ? (
          <text x={ladder.x} y={17} className={classes.layer}>
            Spine
          </text>
        ) : null}
        <g data-dimmed={lit !== undefined || undefined}>
          {layout.edges.map((edge) => (
            <Edge key={edge.id} edge={edge} lit={lit?.has(edge.from.node.id) === true && lit.has(edge.to.node.id)} />
          ))}
        </g>
        <g
          role="listbox"
          aria-label="Nodes of the patient graph"
          tabIndex={0}
          aria-activedescendant={shown ? `${own}-${chosen}` : undefined}
          data-dimmed={lit !== undefined || undefined}
          onKeyDown={onKeyDown}
        >
          {layout.nodes.map((one) => (
            <Node
              key={one.node.id}
              id={`${own}-${one.node.id}`}
              one={one}
              chosen={one.node.id === chosen}
              lit={lit?.has(one.node.id) === true}
              onChoose={onChoose}
            />
          ))}
        </g>
      </svg>
    </div>
  );
});

const STRONGEST = 0.5;

const Edge = memo(function Edge({ edge, lit }: { edge: PlacedEdge; lit: boolean }) {
  const { from, to, type, weight } = edge;
  const [x0, x1] = [from.x + from.width, to.x];
  const [y0, y1] = [from.y + from.height / 2, to.y + to.height / 2];
  // outcomes of the halves lie above and below the year
  const back = x1 <= x0;
  const bend = back ? 22 : (x1 - x0) / 2;
  const path = back
    ? `M${x0},${y0}C${x0 + bend},${y0} ${to.x + to.width + bend},${y1} ${to.x + to.width},${y1}`
    : `M${x0},${y0}C${x0 + bend},${y0} ${x1 - bend},${y1} ${x1},${y1}`;
  const width = weight === undefined ? 1 : 0.8 + 5 * Math.min(1, Math.abs(weight) / STRONGEST);
  return (
    <path
      d={path}
      className={classes.edge}
      data-type={type}
      data-sign={weight === undefined || weight === 0 ? undefined : weight < 0 ? 'lowers' : 'raises'}
      data-lit={lit || undefined}
      strokeWidth={width}
    />
  );
});

interface NodeProps {
  id: string;
  one: PlacedNode;
  chosen: boolean;
  lit: boolean;
  onChoose(id: string): void;
}

const Node = memo(function Node({ id, one, chosen, lit, onChoose }: NodeProps) {
  const { node, layer, x, y, width, height } = one;
  const [title, note] = [nodeTitle(node), nodeNote(node)];
  const small = layer === 'ladder';
  const room = Math.floor((width - 14 - (note ? 6 * note.length + 8 : 0)) / 6.2);
  const text = title.length > room ? `${title.slice(0, Math.max(3, room - 1))}…` : title;
  const share = node.contribution ? Math.min(1, Math.abs(node.contribution) / STRONGEST) : 0;
  const facts = nodeFacts(node).map(([term, fact]) => `${term.toLowerCase()} ${fact}`);
  return (
    <g
      id={id}
      role="option"
      aria-selected={chosen}
      aria-label={[`${text} ${note}`.trim(), ...(text === title ? [] : [title]), ...facts].join(', ')}
      className={classes.node}
      data-kind={node.kind}
      data-missing={node.observed === false || undefined}
      data-chosen={chosen || undefined}
      data-lit={lit || undefined}
      transform={`translate(${x} ${y})`}
      onClick={() => onChoose(node.id)}
    >
      <title>{[node.name, ...facts].join(' · ')}</title>
      <rect width={width} height={height} rx={small ? 4 : 4} />
      {share > 0 && node.kind !== 'setting' && node.kind !== 'outcome' ? (
        <rect
          className={classes.weight}
          data-sign={(node.contribution ?? 0) < 0 ? 'lowers' : 'raises'}
          y={height - 2.5}
          x={1}
          width={(width - 2) * share}
          height={2}
        />
      ) : null}
      {node.kind === 'disc' ? null : (
        <text x={small ? width / 2 : 7} y={height / 2} dy="0.34em" textAnchor={small ? 'middle' : undefined}>
          {`${text} `}
        </text>
      )}
      {note && !small ? (
        <text x={width - 6} y={height / 2} dy="0.34em" textAnchor="end" className={classes.note}>
          {note}
        </text>
      ) : null}
      {node.held ? (
        <path d={LOCK} className={classes.lock} transform={`translate(${width + 6} ${height / 2})`} />
      ) : null}
    </g>
  );
});
