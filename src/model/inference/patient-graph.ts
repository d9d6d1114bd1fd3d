/** The typed graph of one patient: what was examined, what it showed, where in the body, what it speaks for, and when. */

import type { Coding } from '../clinical/record.ts';

/** What a node stands for. */
export const GRAPH_NODE_KINDS = [
  'patient',
  /** where the patient comes from: carries the intercept */
  'setting',
  'modality',
  'exam',
  'feature',
  'construct',
  'outcome',
  'region',
  'vertebra',
  'disc',
] as const;

export type GraphNodeKind = (typeof GRAPH_NODE_KINDS)[number];

/** What an edge says, read from `from` to `to`. */
export const GRAPH_EDGE_TYPES = [
  /** patient → exam */
  'underwent',
  /** exam → modality */
  'by',
  /** exam → feature */
  'showed',
  /** measured feature → feature of the dictionary that takes its value */
  'gives',
  /** modality → feature that nobody has measured */
  'would-bring',
  /** feature → construct */
  'describes',
  /** setting, construct → outcome */
  'drives',
  /** feature → vertebra, disc or region */
  'located-at',
  /** vertebra, disc → region; interval of an outcome → the whole horizon */
  'part-of',
  /** vertebra ↔ disc of the next level, cranial first */
  'adjacent',
  /** exam → the next exam in time */
  'before',
] as const;

export type GraphEdgeType = (typeof GRAPH_EDGE_TYPES)[number];

/** A node. Numbers are in the unit that stands beside them. */
export interface GraphNode {
  /** `kind:key`, unique in the graph */
  id: string;
  kind: GraphNodeKind;
  name: string;
  value?: number | string;
  unit?: string;
  /** its values 1 and 0 are yes and no */
  yesNo?: true;
  sd?: number;
  /** ISO 8601 · when it was true of the patient */
  time?: string;
  level?: string;
  side?: string;
  modality?: string;
  /**
   * log-odds, of a node that the risk is made of: the intercept of the setting, the parts of the features, their sum in a construct,
   * and in the outcome of the whole horizon the logit, which setting and features add up to
   */
  contribution?: number;
  contributionSd?: number;
  /** false: not measured, integrated out */
  observed?: boolean;
  /** weight held at zero for want of evidence */
  held?: boolean;
  /** ends of the 90 % interval of `value`, of an outcome */
  low?: number;
  high?: number;
  /** what a public code system calls it, where the code is certain */
  codes?: readonly Coding[];
  /** id of the acquisition, artifact or feature of the twin it stands for */
  source?: string;
}

/** A directed edge. */
export interface GraphEdge {
  from: string;
  to: string;
  type: GraphEdgeType;
  /** log-odds that pass along it, where it carries some */
  weight?: number;
  /** sd of `weight` · log-odds */
  sd?: number;
}

/** The graph of one patient at one index date; the payload of a `graph.patient` artifact. */
export interface PatientGraph {
  schemaVersion: 1;
  /** pseudonymous id of the twin */
  twin: string;
  /** ISO 8601 */
  indexDate: string;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  synthetic: boolean;
}
