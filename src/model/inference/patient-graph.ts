/** The typed graph of one patient: what was examined, what it showed, where in the body, what it speaks for, and when. */

/** What a node stands for. */
export type GraphNodeKind =
  | 'patient'
  | 'modality'
  | 'exam'
  | 'feature'
  | 'construct'
  | 'outcome'
  | 'region'
  | 'vertebra'
  | 'disc';

/** What an edge says, read from `from` to `to`. */
export type GraphEdgeType =
  /** patient → exam */
  | 'underwent'
  /** exam → modality */
  | 'by'
  /** exam → feature */
  | 'showed'
  /** feature → construct */
  | 'describes'
  /** construct → outcome */
  | 'drives'
  /** feature → vertebra, disc or region */
  | 'located-at'
  /** vertebra, disc → region */
  | 'part-of'
  /** vertebra ↔ disc of the next level, cranial first */
  | 'adjacent'
  /** exam → the next exam in time */
  | 'before';

/** A node. Numbers are in the unit that stands beside them. */
export interface GraphNode {
  /** `kind:key`, unique in the graph */
  id: string;
  kind: GraphNodeKind;
  name: string;
  value?: number | string;
  unit?: string;
  sd?: number;
  /** ISO 8601 · when it was true of the patient */
  time?: string;
  level?: string;
  side?: string;
  modality?: string;
  /** log-odds, of a node that the risk is made of */
  contribution?: number;
  contributionSd?: number;
  /** false: not measured, integrated out */
  observed?: boolean;
  /** weight held at zero for want of evidence */
  held?: boolean;
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
