/** What every bundle we write is made of: entries with stable addresses, the pseudonymous patient, marks of made-up data. */

import { type ClinicalRecord, CODE_SYSTEM, type Unit, unitText, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';
import type { Json } from './json-value.ts';

/** Local id of the patient in every bundle. */
export const PATIENT_ID = 'patient-1';

/** Security label of data that were made up. */
const TEST_DATA = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HTEST',
  display: 'test health data',
};

/**
 * A name-based address, the same for the same text.
 * @example urnOf('a') === urnOf('a') && urnOf('a') !== urnOf('b') // true
 */
export function urnOf(text: string): string {
  const words = [0x811c9dc5, 0x1b873593, 0x9747b28c, 0x2545f491];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    for (let word = 0; word < 4; word++) {
      const mixed = Math.imul(words[word] ^ (unit + word * 0x9e37), 0x01000193);
      words[word] = (mixed ^ (mixed >>> 15)) >>> 0;
    }
  }
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Builds a bundle; references go by the ids of its resources. */
export interface BundleBuilder {
  /** adds a resource, and gives the reference to it */
  add(resource: Json & { resourceType: string; id: string }): { reference: string };
  reference(id: string): { reference: string };
  bundle(): Json;
}

/**
 * A builder of a bundle of type collection.
 * @param scope - text that tells this bundle from others: the same scope and id give the same address
 */
export function bundleBuilder(scope: string, about: { synthetic: boolean; timestamp?: string }): BundleBuilder {
  const entry: Json[] = [];
  const address = (id: string): string => urnOf(`${scope}\n${id}`);
  const meta = about.synthetic ? { meta: { security: [TEST_DATA] } } : {};
  return {
    add(resource) {
      const { resourceType, id, ...rest } = resource;
      entry.push({ fullUrl: address(id), resource: { resourceType, id, ...meta, ...rest } });
      return { reference: address(id) };
    },
    reference: (id) => ({ reference: address(id) }),
    bundle: () => ({
      resourceType: 'Bundle',
      ...meta,
      type: 'collection',
      ...(about.timestamp && { timestamp: about.timestamp }),
      entry,
    }),
  };
}

/** The patient of a bundle: sex, year of birth, and whether the person has died. */
export function patientOf({
  sex,
  birthYear,
  deceased,
}: ClinicalRecord['person']): Json & { resourceType: string; id: string } {
  return {
    resourceType: 'Patient',
    id: PATIENT_ID,
    ...(sex && { gender: sex }),
    ...(deceased && { deceasedBoolean: true }),
    ...(birthYear !== undefined && { birthDate: String(birthYear).padStart(4, '0') }),
  };
}

/** A value with its unit as a Quantity. */
export function quantityJson(value: number, unit: Unit): Json {
  return { value, unit: unitText(unit) || unit, system: CODE_SYSTEM.UCUM, code: unit };
}

/** The bundle as a file. */
export function bundleFile(bundle: Json, name: string): WrittenFile {
  return {
    name: `${fileNameOf(name)}.fhir.json`,
    bytes: utf8(`${JSON.stringify(bundle, null, 1)}\n`),
    mediaType: 'application/fhir+json',
  };
}
