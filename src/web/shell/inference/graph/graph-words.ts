/** Words for nodes and edges of the patient graph. */

import { formatDay } from '../../../kit/number/format.ts';
import { contributionText, HORIZON_NAMES, MODALITY_NAMES, percent, percentRange, signed, valueText } from '../words.ts';
import { type GraphEdge, type GraphNode, isMeasurement } from './graph-query.ts';

export const KIND_NAMES: Readonly<Record<GraphNode['kind'], string>> = {
  patient: 'Patient',
  setting: 'Setting',
  modality: 'Modality',
  exam: 'Examination',
  feature: 'Feature',
  construct: 'Construct',
  outcome: 'Outcome',
  region: 'Region',
  vertebra: 'Vertebra',
  disc: 'Disc',
};

const EDGE_NAMES: Readonly<Record<GraphEdge['type'], readonly [out: string, into: string]>> = {
  underwent: ['underwent', 'undergone by'],
  by: ['by', 'modality of'],
  showed: ['showed', 'shown by'],
  gives: ['gives', 'given by'],
  'would-bring': ['would bring', 'would come from'],
  describes: ['describes', 'described by'],
  drives: ['drives', 'driven by'],
  'located-at': ['located at', 'place of'],
  'part-of': ['part of', 'has part'],
  adjacent: ['above', 'below'],
  before: ['before', 'after'],
};

export function edgeName(type: GraphEdge['type'], direction: 'in' | 'out'): string {
  return EDGE_NAMES[type][direction === 'out' ? 0 : 1];
}

/** First words of a node, as they fit into its box. */
export function nodeTitle(node: GraphNode): string {
  if (node.kind === 'patient') return 'Patient';
  if (node.kind === 'outcome') return HORIZON_NAMES[node.id.slice('outcome:'.length)] ?? node.name;
  if (node.kind === 'disc') return node.level ?? node.name;
  if (node.kind === 'exam' || node.kind === 'modality') return MODALITY_NAMES[node.modality ?? ''] ?? node.name;
  return node.name;
}

/** The second words: value, day, contribution. */
export function nodeNote(node: GraphNode): string {
  switch (node.kind) {
    case 'exam':
      return node.time ? formatDay(node.time) : 'no date';
    case 'modality':
      return node.observed === false ? 'not done' : '';
    case 'feature':
      return isMeasurement(node) || node.contribution === undefined || node.contribution === 0
        ? valueWords(node)
        : signed(node.contribution);
    case 'construct':
    case 'setting':
      return node.contribution === undefined ? '' : signed(node.contribution);
    case 'outcome':
      return node.low !== undefined && node.high !== undefined ? percentRange(node.low, node.high) : '';
    default:
      return '';
  }
}

export function valueWords(node: GraphNode): string {
  if (node.kind === 'outcome' && typeof node.value === 'number') return percent(node.value);
  if (node.value === undefined) return node.observed === false ? 'not measured' : '';
  return valueText(node);
}

/** Facts of a node, for its card and the table. */
export function nodeFacts(node: GraphNode): [term: string, text: string][] {
  const { sd, time, level, side, modality, contribution, contributionSd = 0, held, observed, low, high } = node;
  const rows: [string, string | undefined][] = [
    ['Name', nodeTitle(node) === node.name ? undefined : node.name],
    ['Value', valueWords(node)],
    ['90 % interval', low !== undefined && high !== undefined ? percentRange(low, high) : undefined],
    ['sd of value', sd === undefined ? undefined : valueText({ value: sd, unit: node.unit })],
    [
      'Contribution',
      contribution === undefined ? undefined : contributionText({ mean: contribution, sd: contributionSd }),
    ],
    ['State', [observed === false ? 'not measured' : '', held ? 'weight held at zero' : ''].filter(Boolean).join(', ')],
    ['When', time ? formatDay(time) : undefined],
    ['Where', [level, side].filter(Boolean).join(', ')],
    ['Modality', modality && (MODALITY_NAMES[modality] ?? modality)],
  ];
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}
