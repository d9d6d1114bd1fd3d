/** All that a FHIR server holds of one patient, page by page, as one collection for the ordinary ingest. */

import { MsdtError } from '../../model/index.ts';
import { baseAddress, linkTarget } from './address.ts';
import { askServer, type FhirConnection, type FhirJson, isUnsupported, outcomeText } from './request.ts';

/** What is read, and how. */
export interface ReadPatientOptions extends FhirConnection {
  /** logical id of the Patient on the server */
  patientId: string;
  /** resources a page; 250 by default */
  pageSize?: number;
  /** share done, 0 to 1, and words without the patient */
  progress?(fraction: number, message: string): void;
}

/** A patient of a server. */
export interface ReadPatientResult {
  /** a bundle of type collection · JSON, UTF-8 */
  bytes: Uint8Array;
  /** never the patient's name or number */
  fileName: string;
  resources: number;
  pages: number;
  /** how it was asked for */
  via: 'everything' | 'searches';
  /** what could not be read, and why */
  skipped: { what: string; reason: string }[];
}

const FILE_NAME = 'fhir-server.fhir.json';
const PATIENT_ID = /^[A-Za-z0-9.-]{1,64}$/;
const MOST_PAGES = 10_000;
const MOST_RESOURCES = 1_000_000;

/** What is searched for where a server has no `$everything`, with the parameter that names the patient. */
const SEARCHED: readonly (readonly [type: string, parameter: string])[] = [
  ['Condition', 'patient'],
  ['Observation', 'patient'],
  ['Procedure', 'patient'],
  ['MedicationRequest', 'patient'],
  ['MedicationStatement', 'patient'],
  ['MedicationAdministration', 'patient'],
  ['DiagnosticReport', 'patient'],
  ['ImagingStudy', 'patient'],
  ['QuestionnaireResponse', 'patient'],
  ['Encounter', 'patient'],
  ['AllergyIntolerance', 'patient'],
  ['Immunization', 'patient'],
  ['CarePlan', 'patient'],
  ['Goal', 'patient'],
  ['ServiceRequest', 'patient'],
];

/**
 * Reads one patient with `$everything`, or by a search a type where the server has none.
 * @throws ArgumentError no address, no patient id
 * @throws MsdtError what `askServer` throws · `file.unsupported` not R4 · `file.unsafe` pages that lead away or in a circle
 */
export async function readPatient(options: ReadPatientOptions): Promise<ReadPatientResult> {
  const { patientId } = options;
  const base = baseAddress(options.baseUrl, options.token !== undefined);
  if (!PATIENT_ID.test(patientId))
    throw new MsdtError('parameter.invalid', 'The number of the patient is none of FHIR', {
      where: { place: 'patient' },
      hint: 'Give the logical id of the Patient resource: letters, digits, dots and dashes.',
    });
  const gathered = new Gathered(base.href);
  const connection = { ...options, baseUrl: base.href };
  await expectR4(connection, gathered);
  options.progress?.(0.02, 'asking for everything');
  const via = await everything(connection, gathered);
  if (via === 'searches') await searches(connection, gathered);
  options.progress?.(1, `${gathered.entries.length} resources`);
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: gathered.entries };
  return {
    bytes: new TextEncoder().encode(JSON.stringify(bundle)),
    fileName: FILE_NAME,
    resources: gathered.entries.length,
    pages: gathered.pages,
    via,
    skipped: gathered.skipped,
  };
}

/** What was read so far, each resource once. */
class Gathered {
  readonly entries: FhirJson[] = [];
  readonly skipped: { what: string; reason: string }[] = [];
  pages = 0;
  private readonly known = new Set<string>();
  private readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  add(resource: FhirJson): void {
    const { resourceType, id } = resource;
    const key = `${resourceType}/${id}`;
    if (typeof id === 'string' && this.known.has(key)) return;
    this.known.add(key);
    if (this.entries.length >= MOST_RESOURCES)
      throw new MsdtError('file.too-large', 'The server does not stop giving resources', {
        detail: `more than ${MOST_RESOURCES}`,
        hint: 'No patient has as many: check the number, and the server.',
      });
    this.entries.push({ ...(typeof id === 'string' && { fullUrl: `${this.base}/${key}` }), resource });
  }
}

/** @throws MsdtError `file.unsupported` the server speaks another version */
async function expectR4(connection: ReadPatientOptions, gathered: Gathered): Promise<void> {
  let statement: FhirJson;
  try {
    const url = `${connection.baseUrl}/metadata?_summary=true`;
    statement = await askServer(connection, { url, what: 'reading what the server can' });
  } catch (error) {
    connection.signal?.throwIfAborted();
    // the patient is asked for all the same: some servers hide what they can
    if ((error as MsdtError).code === 'store.unavailable' || (error as MsdtError).code === 'file.malformed')
      throw error;
    gathered.skipped.push({ what: 'CapabilityStatement', reason: (error as Error).message });
    return;
  }
  const { fhirVersion } = statement;
  if (typeof fhirVersion === 'string' && !/^4\.[03]\./.test(fhirVersion))
    throw new MsdtError('file.unsupported', `The server speaks FHIR ${fhirVersion}`, {
      where: { place: 'CapabilityStatement.fhirVersion' },
      detail: 'R4 (4.0.1) is read',
      hint: 'Many servers offer R4 under an address of its own, like …/r4.',
    });
}

async function everything(connection: ReadPatientOptions, gathered: Gathered): Promise<'everything' | 'searches'> {
  const { baseUrl, patientId, pageSize = 250 } = connection;
  const url = `${baseUrl}/Patient/${patientId}/$everything?_count=${pageSize}`;
  try {
    await readPages(connection, gathered, { url, what: 'reading everything of the patient' });
    return 'everything';
  } catch (error) {
    if (gathered.pages > 0 || !isUnsupported(error)) throw error;
    return 'searches';
  }
}

async function searches(connection: ReadPatientOptions, gathered: Gathered): Promise<void> {
  const { baseUrl, patientId, pageSize = 250, progress } = connection;
  gathered.add(await askServer(connection, { url: `${baseUrl}/Patient/${patientId}`, what: 'reading the patient' }));
  for (const [index, [type, parameter]] of SEARCHED.entries()) {
    progress?.(0.05 + (0.9 * index) / SEARCHED.length, `searching ${type}`);
    const url = `${baseUrl}/${type}?${parameter}=${encodeURIComponent(patientId)}&_count=${pageSize}`;
    const before = gathered.pages;
    try {
      await readPages(connection, gathered, { url, what: `searching ${type}` });
    } catch (error) {
      const refused = isUnsupported(error) || (error as MsdtError).code === 'access.denied';
      if (!refused || gathered.pages > before) throw error;
      gathered.skipped.push({ what: type, reason: `${(error as Error).message}: ${(error as MsdtError).detail}` });
    }
  }
}

/** Reads a bundle and those that follow it. */
async function readPages(
  connection: ReadPatientOptions,
  gathered: Gathered,
  first: { url: string; what: string },
): Promise<void> {
  const seen = new Set<string>();
  for (let url: string | undefined = first.url; url; ) {
    if (seen.has(url) || seen.size >= MOST_PAGES)
      throw new MsdtError('file.unsafe', 'The pages of the server lead in a circle', {
        where: { place: `${first.what}, page ${seen.size + 1}` },
        hint: 'The server is broken: ask for larger pages, or import an export of it.',
      });
    seen.add(url);
    const bundle: FhirJson = await askServer(connection, { url, what: `${first.what}, page ${seen.size}` });
    if (bundle.resourceType !== 'Bundle')
      throw new MsdtError('file.malformed', `The answer to ${first.what} is no bundle`, {
        detail: `a ${String(bundle.resourceType)}`,
        hint: 'Check the address: it is the base of the FHIR API.',
      });
    gathered.pages++;
    addEntries(bundle, gathered, first.what);
    connection.progress?.(
      1 - 1 / (1 + gathered.entries.length / 1000),
      `${gathered.entries.length} resources, page ${gathered.pages}`,
    );
    const next = nextOf(bundle);
    url = next === undefined ? undefined : linkTarget(connection.baseUrl, next);
  }
}

function addEntries(bundle: FhirJson, gathered: Gathered, what: string): void {
  const entries = Array.isArray(bundle.entry) ? (bundle.entry as { resource?: FhirJson; search?: FhirJson }[]) : [];
  for (const { resource } of entries) {
    if (typeof resource?.resourceType !== 'string')
      gathered.skipped.push({ what, reason: 'an entry without a resource' });
    else if (resource.resourceType === 'OperationOutcome')
      gathered.skipped.push({ what, reason: outcomeText(resource) || 'the server notes something without words' });
    else gathered.add(resource);
  }
}

function nextOf(bundle: FhirJson): string | undefined {
  const links = Array.isArray(bundle.link) ? (bundle.link as FhirJson[]) : [];
  const next = links.find(({ relation }) => relation === 'next')?.url;
  return typeof next === 'string' && next !== '' ? next : undefined;
}
