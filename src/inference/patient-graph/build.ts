/**
 * The typed graph of one patient: patient → exam → feature → construct → outcome, with the body and the order in time.
 *
 * One pass over features, contributions and acquisitions; linear in their number. Order of nodes and edges does not depend on the
 * order of the input.
 */

import {
  CODE_SYSTEM,
  CONSTRUCT_NAMES,
  type Coding,
  type Contribution,
  type Feature,
  featureId,
  type GraphEdge,
  type GraphNode,
  type InferenceInput,
  type PatientGraph,
  type RiskPrediction,
  type SynchronisedFeature,
} from '../../model/index.ts';
import { CONSTRUCTS } from '../graph-network/index.ts';
import { findEntry, valueKindOf } from '../knowledge/index.ts';
import { type Anatomy, anatomyOf, type Place } from './anatomy.ts';
import { type ExamBook, examBook, modalityName, orderInTime } from './exams.ts';

/** What the graph of a patient is made of. */
export interface PatientGraphParts {
  input: InferenceInput;
  risk: RiskPrediction;
  /** the feature space at the index date */
  used: readonly SynchronisedFeature[];
}

/** Id of the node of the whole horizon; setting and features add up to its `contribution`, the logit. */
export const OUTCOME_NODE = 'outcome:0-12';

const HORIZON_NAME = {
  '0-12': 'Spinal surgery within 12 months',
  '0-6': 'Spinal surgery in months 0 to 6',
  '6-12': 'Spinal surgery in months 6 to 12',
} as const;

/**
 * Builds the graph. All current features of the twin are in it, not only those the dictionary takes; a feature of the dictionary that
 * nobody measured is there with `observed` false and hangs on the modality that would bring it.
 *
 * The sd of a construct is that of its features as if they were independent; the doubt they share is in the outcome's own.
 */
export function buildPatientGraph({ input, risk, used }: PatientGraphParts): PatientGraph {
  const book = examBook(input.acquisitions, input.acquisitionOf);
  const measured = measuredFeatures(input.features);
  const spoken = spokenFeatures(risk, used);
  const anatomy = anatomyOf([...measured, ...spoken.filter(({ known }) => known)]);
  const draft: Draft = { nodes: [], edges: [], book, anatomy, ids: new Set() };
  addSpoken(draft, spoken, addMeasured(draft, measured, spoken));
  const risky = riskNodes(risk, spoken);
  const exams = book.nodes();
  const modalities = modalityNodes(exams, spoken);
  const patient: GraphNode = { id: `patient:${input.twin}`, kind: 'patient', name: input.twin };
  const edges: GraphEdge[] = [
    ...exams.map(({ id }): GraphEdge => ({ from: patient.id, to: id, type: 'underwent' })),
    ...exams.map(({ id }): GraphEdge => ({ from: id, to: `modality:${book.modality(id)}`, type: 'by' })),
    ...orderInTime(exams),
    ...draft.edges,
    ...risky.edges,
    ...anatomy.edges,
  ];
  return {
    schemaVersion: 1,
    twin: input.twin,
    indexDate: risk.indexDate,
    nodes: [patient, ...modalities, ...exams, ...draft.nodes, ...risky.nodes, ...anatomy.nodes].map(withoutGaps),
    edges,
    synthetic: input.synthetic,
  };
}

/** A feature of the twin with the id of its node. */
interface MeasuredFeature extends Place {
  node: string;
  own: Feature;
}

/** A feature of the dictionary: what the model makes of it, what is known of it. */
interface SpokenFeature extends Place {
  node: string;
  name: string;
  modality: string;
  construct: Contribution['construct'];
  contribution?: Contribution;
  known?: SynchronisedFeature;
}

interface Draft {
  nodes: GraphNode[];
  edges: GraphEdge[];
  book: ExamBook;
  anatomy: Anatomy;
  ids: Set<string>;
}

function measuredFeatures(features: readonly Feature[]): MeasuredFeature[] {
  const seen = new Map<string, MeasuredFeature>();
  for (const own of features) {
    const node = `feature:twin/${own.id}`;
    if (!seen.has(node)) seen.set(node, { node, own, feature: own.definition, level: own.level, site: own.site });
  }
  const named = [...seen.values()].map((feature) => ({ feature, name: featureId(feature.own) }));
  named.sort((a, b) => compare(a.name, b.name) || compare(a.feature.node, b.feature.node));
  return named.map(({ feature }) => feature);
}

/** Features that speak, in the order of the risk; then those that only describe, by id. */
function spokenFeatures(risk: RiskPrediction, used: readonly SynchronisedFeature[]): SpokenFeature[] {
  const known = new Map(used.map((feature) => [feature.feature, feature]));
  const levelOf = (feature: string, value: unknown) =>
    known.get(feature)?.record.level ?? (feature.endsWith('.level') && typeof value === 'string' ? value : undefined);
  const heard = risk.contributions.map((contribution): SpokenFeature => {
    const { feature, name, modality, construct, value } = contribution;
    const about = { node: `feature:${feature}`, feature, level: levelOf(feature, value) };
    return { ...about, name, modality, construct, contribution, known: known.get(feature) };
  });
  const speaking = new Set(heard.map(({ feature }) => feature));
  const silent = [...known.values()]
    .filter(({ feature }) => !speaking.has(feature))
    .sort((a, b) => compare(a.feature, b.feature))
    .flatMap((found): SpokenFeature[] => {
      const { feature, record, value } = found;
      const entry = findEntry(feature);
      if (!entry) return [];
      const { name, construct } = entry;
      const about = { node: `feature:${feature}`, feature, level: levelOf(feature, value) };
      return [{ ...about, name, construct, modality: record.modality ?? entry.modality, known: found }];
    });
  return [...heard, ...silent];
}

/** Nodes of what the capabilities measured; gives the node of each by the feature's id. */
function addMeasured(
  draft: Draft,
  measured: readonly MeasuredFeature[],
  spoken: readonly SpokenFeature[],
): ReadonlyMap<string, string> {
  const modalityOf = new Map(spoken.map(({ known, modality }) => [known?.record.source, modality]));
  const nodeOf = new Map<string, string>();
  for (const { node, own, ...place } of measured) {
    const { id, definition, value, unit, uncertainty, validAt, level, side, evidence } = own;
    const exam = draft.book.of({ feature: definition, modality: modalityOf.get(id), time: validAt, evidence });
    nodeOf.set(id, node);
    draft.nodes.push({
      ...{
        id: node,
        kind: 'feature',
        name: featureId(own),
        value: value ?? undefined,
        unit,
        time: validAt,
        level,
        side,
      },
      sd: uncertainty.kind === 'interval' ? uncertainty.sd : undefined,
      modality: draft.book.modality(exam),
      observed: value !== null,
      source: id,
    });
    draft.edges.push({ from: exam, to: node, type: 'showed' });
    locate(draft, node, place);
  }
  return nodeOf;
}

function addSpoken(draft: Draft, spoken: readonly SpokenFeature[], measured: ReadonlyMap<string, string>): void {
  for (const feature of spoken) {
    const { node, name, modality, construct, contribution, known } = feature;
    const record = known?.record;
    draft.nodes.push({
      ...{
        id: node,
        kind: 'feature',
        name,
        value: known?.value,
        unit: record?.unit ?? contribution?.unit,
        sd: known?.sd,
      },
      ...{ time: record?.time, level: feature.level, side: record?.side, modality },
      ...{ contribution: contribution?.mean, contributionSd: contribution?.sd, held: contribution?.held || undefined },
      yesNo: isYesNo(feature.feature) || undefined,
      ...{ observed: known !== undefined, codes: codesOf(feature.feature), source: record?.source },
    });
    draft.edges.push(originOf(draft, feature, measured));
    draft.edges.push({
      ...{ from: node, to: `construct:${construct}`, type: 'describes' },
      ...(contribution && { weight: contribution.mean, sd: contribution.sd }),
    });
    if (known) locate(draft, node, feature);
  }
}

function isYesNo(feature: string): boolean {
  const entry = findEntry(feature);
  return entry !== undefined && valueKindOf(entry) === 'yes-no';
}

/** Codes of a feature of the dictionary that are certain. */
function codesOf(feature: string): Coding[] | undefined {
  const certain = findEntry(feature)?.codes.filter(({ doubtful }) => !doubtful) ?? [];
  return certain.length ? certain.map(({ system, code }) => ({ system: CODE_SYSTEM[system], code })) : undefined;
}

function originOf(
  { book }: Draft,
  { node, feature, modality, known }: SpokenFeature,
  measured: ReadonlyMap<string, string>,
): GraphEdge {
  if (!known) return { from: `modality:${modality}`, to: node, type: 'would-bring' };
  const { source = '', time, evidence } = known.record;
  const gives = measured.get(source);
  if (gives) return { from: gives, to: node, type: 'gives' };
  return { from: book.of({ feature, modality, time, evidence }), to: node, type: 'showed' };
}

function locate({ anatomy, edges }: Draft, node: string, place: Place): void {
  for (const to of anatomy.at(place)) edges.push({ from: node, to, type: 'located-at' });
}

/** Setting, constructs and outcomes, with what passes between them. */
function riskNodes(risk: RiskPrediction, spoken: readonly SpokenFeature[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const { setting, intercept, interceptSd, logit, sdLogit } = risk;
  const from = `setting:${setting.id}`;
  const nodes: GraphNode[] = [
    { id: from, kind: 'setting', name: setting.name, contribution: intercept, contributionSd: interceptSd },
  ];
  const edges: GraphEdge[] = [{ from, to: OUTCOME_NODE, type: 'drives', weight: intercept, sd: interceptSd }];
  for (const construct of CONSTRUCTS) {
    const members = spoken.filter((feature) => feature.construct === construct);
    if (!members.length) continue;
    const sum = members.reduce((total, { contribution }) => total + (contribution?.mean ?? 0), 0);
    // held features bring nothing to the logit, nor doubt about it
    const sd = Math.hypot(...members.map(({ contribution: c }) => (c && !c.held ? c.sd : 0)));
    const id = `construct:${construct}`;
    nodes.push({
      ...{ id, kind: 'construct', name: CONSTRUCT_NAMES[construct], contribution: sum, contributionSd: sd },
      observed: members.some(({ known }) => known !== undefined),
    });
    edges.push({ from: id, to: OUTCOME_NODE, type: 'drives', weight: sum, sd });
  }
  for (const { horizon, probability, low, high } of risk.horizons) {
    const id = `outcome:${horizon}`;
    const whole = id === OUTCOME_NODE ? { contribution: logit, contributionSd: sdLogit } : {};
    nodes.push({
      id,
      kind: 'outcome',
      name: HORIZON_NAME[horizon],
      value: probability,
      unit: '1',
      low,
      high,
      ...whole,
    });
    if (id !== OUTCOME_NODE) edges.push({ from: id, to: OUTCOME_NODE, type: 'part-of' });
  }
  return { nodes, edges };
}

function modalityNodes(exams: readonly GraphNode[], spoken: readonly SpokenFeature[]): GraphNode[] {
  const examined = new Set(exams.map(({ modality }) => modality as string));
  const all = new Set([...examined, ...spoken.flatMap(({ known, modality }) => (known ? [] : [modality]))]);
  return [...all].sort(compare).map((modality) => ({
    ...{ id: `modality:${modality}`, kind: 'modality', name: modalityName(modality), modality },
    observed: examined.has(modality),
  }));
}

function withoutGaps(node: GraphNode): GraphNode {
  const from = node as unknown as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const key in from) if (from[key] !== undefined) kept[key] = from[key];
  return kept as unknown as GraphNode;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
