/** The patient graph to walk through: filters, drawing or table, the chosen node with its ways to the outcome, export. */

import { Button, Drawer, Menu, Select, Switch, TextInput } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconDownload, IconSearch, IconTable } from '@tabler/icons-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { TwinView, WirePatientGraph } from '../../../../contract/index.ts';
import { compareLevels, type VertebraLevel } from '../../../../model/index.ts';
import { saveBlob } from '../../../kit/download.ts';
import { IconAction } from '../../../kit/icon-action.tsx';
import { SyntheticBadge } from '../../../kit/notes.tsx';
import { fetchFile, recordOf } from '../../../state/client.ts';
import { toast } from '../../../state/toasts.ts';
import { setInferenceView, useInferenceView } from '../view-state.ts';
import { MODALITY_NAMES } from '../words.ts';
import classes from './graph.module.css';
import { GraphDrawing } from './graph-drawing.tsx';
import { layoutGraph } from './graph-layout.ts';
import { ALL, type GraphFilter, type GraphIndex, indexGraph, neighboursOf, pathsToOutcome } from './graph-query.ts';
import { GraphSide } from './graph-side.tsx';
import { GraphTable } from './graph-table.tsx';

export interface GraphExplorerProps {
  view: TwinView;
  graph: WirePatientGraph;
  narrow: boolean;
}

export function GraphExplorer({ view, graph, narrow }: GraphExplorerProps) {
  const [filter, setFilter] = useState<GraphFilter>(ALL);
  const [table, setTable] = useState(false);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const id = useInferenceView((state) => state.node);
  const index = useMemo(() => indexGraph(graph), [graph]);
  const layout = useMemo(() => layoutGraph(index, filter, { width, height }), [index, filter, width, height]);
  const chosen = id === undefined ? undefined : index.nodes.get(id);
  const lit = useMemo(() => (chosen ? litAround(index, chosen.id) : undefined), [index, chosen]);
  const choose = useCallback((node: string | undefined) => setInferenceView({ node }), []);
  const open = useCallback((node: string) => {
    if (node.startsWith('feature:') && !node.startsWith('feature:twin/'))
      setInferenceView({ feature: node.slice('feature:'.length) });
  }, []);
  const side = chosen ? <GraphSide view={view} index={index} chosen={chosen} onChoose={choose} /> : null;
  return (
    <div className={classes.explorer}>
      <Tools graph={graph} filter={filter} onFilter={setFilter} twin={view}>
        <IconAction name={table ? 'As a graph' : 'As a table'} pressed={table} onClick={() => setTable(!table)}>
          <IconTable size={17} />
        </IconAction>
      </Tools>
      <div className={classes.split}>
        <div ref={ref} className={classes.middle}>
          {width === 0 ? null : table ? (
            <GraphTable layout={layout} index={index} chosen={id} onChoose={choose} />
          ) : (
            <GraphDrawing layout={layout} chosen={id} lit={lit} onChoose={choose} onOpen={open} />
          )}
          {layout.left > 0 ? (
            <p className={classes.left}>
              {layout.left} more numbers of the twin: search, or choose a level or a modality.
            </p>
          ) : null}
        </div>
        {narrow ? (
          <Drawer
            opened={chosen !== undefined}
            onClose={() => choose(undefined)}
            position="bottom"
            size="55%"
            padding={0}
            title="Node"
            overlayProps={{ backgroundOpacity: 0.1 }}
          >
            {side}
          </Drawer>
        ) : (
          <aside className={classes.side} aria-label="Chosen node">
            {side ?? (
              <p className={classes.hint}>
                Choose a node to see its value, what lies beside it, and the ways from it to the outcome. Arrow keys
                walk, Enter opens, Escape lets go.
              </p>
            )}
          </aside>
        )}
      </div>
    </div>
  );
}

/** A node with its neighbours and everything on its ways to the outcome. */
function litAround(index: GraphIndex, id: string): ReadonlySet<string> {
  const lit = new Set([id, ...neighboursOf(index, id).map(({ node }) => node.id)]);
  for (const path of pathsToOutcome(index, id)) for (const node of path) lit.add(node.id);
  for (const { from, type } of index.into.get(id) ?? [])
    if (type === 'gives') for (const before of index.into.get(from) ?? []) lit.add(before.from);
  return lit;
}

interface ToolsProps {
  graph: WirePatientGraph;
  twin: TwinView;
  filter: GraphFilter;
  onFilter(filter: GraphFilter): void;
  children: ReactNode;
}

function Tools({ graph, twin, filter, onFilter, children }: ToolsProps) {
  const change = (part: Partial<GraphFilter>): void => onFilter({ ...filter, ...part });
  const modalities = useMemo(
    () => [...new Set(graph.nodes.flatMap(({ modality }) => (modality ? [modality] : [])))].sort(),
    [graph],
  );
  const levels = useMemo(
    () =>
      graph.nodes
        .filter(({ kind }) => kind === 'vertebra')
        .flatMap(({ level }) => (level ? [level] : []))
        .sort((a, b) => compareLevels(a as VertebraLevel, b as VertebraLevel)),
    [graph],
  );
  return (
    <div className={classes.tools} role="toolbar" aria-label="Patient graph">
      <TextInput
        size="xs"
        aria-label="Search the graph"
        placeholder="Search nodes"
        leftSection={<IconSearch size={14} />}
        value={filter.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
      />
      <Select
        size="xs"
        clearable
        aria-label="Modality"
        placeholder="All modalities"
        value={filter.modality ?? null}
        onChange={(modality) => change({ modality: modality ?? undefined })}
        data={modalities.map((value) => ({ value, label: MODALITY_NAMES[value] ?? value }))}
      />
      <Select
        size="xs"
        clearable
        searchable
        aria-label="Level"
        placeholder="All levels"
        value={filter.level ?? null}
        onChange={(level) => change({ level: level ?? undefined })}
        data={levels}
      />
      <Switch
        size="xs"
        label="Not measured"
        checked={filter.missing}
        onChange={(event) => change({ missing: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        label="All numbers of the twin"
        checked={filter.measured}
        onChange={(event) => change({ measured: event.currentTarget.checked })}
      />
      <span className={classes.spring} />
      {graph.synthetic ? <SyntheticBadge /> : null}
      {children}
      <ExportMenu twin={twin} />
    </div>
  );
}

const FORMATS = [
  { format: 'jsonld', name: 'JSON-LD' },
  { format: 'graphml', name: 'GraphML' },
] as const;

function ExportMenu({ twin: { twin } }: { twin: TwinView }) {
  const save = (format: string): void => {
    fetchFile(`/api/twins/${encodeURIComponent(twin.id)}/graph.${format}`).then(
      ({ blob, name }) => saveBlob(blob, name ?? `${twin.alias} graph.${format}`),
      (error: unknown) => toast('The graph could not be exported', { error: recordOf(error) }),
    );
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} />}>
          Export graph
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, name }) => (
          <Menu.Item key={format} onClick={() => save(format)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
