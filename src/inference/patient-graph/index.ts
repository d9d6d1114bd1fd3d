/** The patient graph: built from an assessment's parts, and asked. */

export { buildPatientGraph, OUTCOME_NODE, type PatientGraphParts } from './build.ts';
export {
  type GraphNeighbour,
  type GraphPath,
  neighbours,
  pathsToOutcome,
  type SubgraphFilter,
  shortestPath,
  subgraph,
  type WalkOptions,
} from './queries.ts';
