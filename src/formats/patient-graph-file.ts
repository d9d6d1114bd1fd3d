/** A patient graph as a file for other programs. */

import type { PatientGraph, WrittenFile } from '../model/index.ts';
import { writeGraphml } from './graphml/index.ts';
import { writeJsonld } from './jsonld/index.ts';

/** Ways to write a patient graph. */
export const PATIENT_GRAPH_FORMATS = ['graphml', 'jsonld'] as const;

/**
 * A patient graph as GraphML or JSON-LD.
 * @param name - of the file, without ending
 */
export function patientGraphFile(
  graph: PatientGraph,
  as: (typeof PATIENT_GRAPH_FORMATS)[number],
  name = 'patient-graph',
): WrittenFile {
  return as === 'graphml' ? writeGraphml(graph, name) : writeJsonld(graph, name);
}
