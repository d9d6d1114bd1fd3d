/** Beside the drawing: the chosen node, what lies around it, and the ways from it to the outcome. */

import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { TwinView } from '../../../../contract/index.ts';
import { openTrail } from '../../../state/evidence.ts';
import { go } from '../../../state/place.ts';
import { setWorkspace } from '../../../state/workspace.ts';
import { setInferenceView } from '../view-state.ts';
import classes from './graph.module.css';
import { type GraphIndex, type GraphNode, isMeasurement, neighboursOf, pathsToOutcome } from './graph-query.ts';
import { edgeName, KIND_NAMES, nodeFacts, nodeNote, nodeTitle } from './graph-words.ts';

export interface GraphSideProps {
  view: TwinView;
  index: GraphIndex;
  chosen: GraphNode;
  onChoose(id: string | undefined): void;
}

const NEIGHBOURS_SHOWN = 40;
const PATHS_SHOWN = 8;

export function GraphSide({ view, index, chosen, onChoose }: GraphSideProps) {
  const around = useMemo(() => neighboursOf(index, chosen.id), [index, chosen]);
  const paths = useMemo(() => pathsToOutcome(index, chosen.id), [index, chosen]);
  return (
    <div className={classes.card} data-testid="graph-node">
      <header>
        <h3>{nodeTitle(chosen)}</h3>
        <small>{KIND_NAMES[chosen.kind]}</small>
      </header>
      <dl>
        {nodeFacts(chosen).map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Onward view={view} node={chosen} />
      {paths.length > 0 && chosen.kind !== 'patient' ? (
        <section>
          <h4>
            Ways to the outcome{' '}
            {paths.length > PATHS_SHOWN ? (
              <small>
                {PATHS_SHOWN} of {paths.length}
              </small>
            ) : null}
          </h4>
          <ol>
            {paths.slice(0, PATHS_SHOWN).map((path) => (
              <li key={path.map(({ id }) => id).join(' ')}>
                {path.slice(1).map((node, i) => (
                  <span key={node.id}>
                    {i > 0 ? ' → ' : ''}
                    <button type="button" onClick={() => onChoose(node.id)}>
                      {nodeTitle(node)}
                    </button>{' '}
                    <small className="numbers">{nodeNote(node)}</small>
                  </span>
                ))}
              </li>
            ))}
          </ol>
        </section>
      ) : null}
      <section>
        <h4>
          Beside it{' '}
          <small>{around.length > NEIGHBOURS_SHOWN ? `${NEIGHBOURS_SHOWN} of ${around.length}` : around.length}</small>
        </h4>
        <ul>
          {around.slice(0, NEIGHBOURS_SHOWN).map(({ node, edge, direction }) => (
            <li key={`${edge.from} ${edge.type} ${edge.to}`}>
              <small>{edgeName(edge.type, direction)}</small>{' '}
              <button type="button" onClick={() => onChoose(node.id)}>
                {nodeTitle(node)}
              </button>{' '}
              <small className="numbers">{nodeNote(node)}</small>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Onward({ view, node }: { view: TwinView; node: GraphNode }) {
  const { kind, level, source } = node;
  const weighed = kind === 'feature' && !isMeasurement(node);
  const showLevel = (): void => {
    setWorkspace({ selection: { level } });
    go({ screen: 'spine' });
  };
  return (
    <div className={classes.onward}>
      {weighed ? (
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => setInferenceView({ feature: node.id.slice('feature:'.length) })}
        >
          Value, evidence and source
        </Button>
      ) : null}
      {kind === 'feature' && source && view.features.some(({ id }) => id === source) ? (
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconArrowRight size={14} />}
          onClick={() => openTrail(view, { source, level })}
        >
          Show where it comes from
        </Button>
      ) : null}
      {kind === 'vertebra' || kind === 'disc' ? (
        <Button size="compact-sm" variant="light" rightSection={<IconArrowRight size={14} />} onClick={showLevel}>
          Show {level} on the spine
        </Button>
      ) : null}
    </div>
  );
}
