/** `msdt fhir read` and `write` against a FHIR server: a patient becomes a twin, and what the twin says goes back. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fhir } from '../../src/formats/fhir/index.ts';
import { json } from '../../src/formats/json/index.ts';
import type { ClinicalRecord } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile, readOne } from '../support/formats/formats.ts';
import { clinicalRecord } from '../support/record/clinical-sample.ts';
import { type FhirTestServer, startFhirServer } from '../support/record/fhir-server.ts';
import { ROOT } from '../support/source-tree.ts';

const run = promisify(execFile);
const TOKEN = 'a-secret-token';

type Json = { [key: string]: unknown };

let server: FhirTestServer;
let folder: string;

beforeAll(async () => {
  server = await startFhirServer({ token: TOKEN, mostPerPage: 50 });
  folder = await mkdtemp(join(tmpdir(), 'msdt-fhir-test-'));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const msdt = async (...args: string[]) => {
  const env = { ...process.env, MSDT_HOME: join(folder, 'data'), MSDT_FHIR_TOKEN: TOKEN };
  const { stdout } = await run(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args, '--json'], { env });
  return JSON.parse(stdout) as Json;
};

/** Puts the resources of a bundle on the server, with references as servers have them. */
async function fill(entries: readonly { fullUrl?: string; resource: Json }[]): Promise<void> {
  const places = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
  for (const { resource } of entries) {
    const text = JSON.stringify(resource).replace(/urn:uuid:[0-9a-f-]+/g, (address) => places.get(address) ?? address);
    await server.put(JSON.parse(text) as Json);
  }
}

describe('the command line and a FHIR server', () => {
  it('reads a patient into a new twin, writes what it says, and says it once', { timeout: 120_000 }, async () => {
    const files = await fhir.write?.({ kind: 'record.clinical', payload: clinicalRecord(), name: 'record' });
    const { entry } = JSON.parse(new TextDecoder().decode((files as { bytes: Uint8Array }[])[0].bytes));
    await fill(entry);
    const read = await msdt('fhir', 'read', '--server', server.url, '--patient', 'patient-1', '--twin', 'P7');
    expect(read).toMatchObject({ alias: 'P7', state: 'done', via: 'searches', skipped: [] });
    expect(read.resources).toBe(entry.length);
    const first = await msdt('fhir', 'write', '--server', server.url, '--twin', 'P7');
    const second = await msdt('fhir', 'write', '--server', server.url, '--twin', 'P7');
    expect(first.existing).toBe(0);
    expect(second).toMatchObject({ created: 0, existing: first.created });
    const [risk] = await server.all('RiskAssessment');
    expect(risk.subject).toEqual({ reference: `Patient/${first.patientId}` });
    // read again: the same files are the same acquisition
    const again = await msdt('fhir', 'read', '--server', server.url, '--patient', 'patient-1', '--twin', 'P7');
    expect(again.twin).toBe(read.twin);
    // the token went to the server and nowhere else
    expect(server.requests.every(({ token }) => token === TOKEN)).toBe(true);
    expect(JSON.stringify([read, first])).not.toContain(TOKEN);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('msdt-fhir-') && !folder.endsWith(name))).toEqual(
      [],
    );
  });

  it('ends with words and a code where the server refuses', { timeout: 60_000 }, async () => {
    const failed = await msdt('fhir', 'read', '--server', server.url, '--patient', 'nobody', '--twin', 'P8').catch(
      (error: unknown) => error as { stdout: string; code: number },
    );
    expect(failed.code).toBe(1);
    expect(JSON.parse(String(failed.stdout))).toMatchObject({ error: { code: 'store.not-found' } });
  });
});

const SET = 'synthea-r4-bundles';

describeWithData(SET, () => {
  it('give the same record by way of a server as by their file', { timeout: 240_000 }, async () => {
    const [name] = (await readdir(dataPath(SET))).filter((one) => one.endsWith('.json')).sort();
    const { entry } = JSON.parse(await readFile(dataPath(SET, name), 'utf8')) as {
      entry: { fullUrl: string; resource: Json }[];
    };
    await fill(entry);
    const patient = entry.find(({ resource }) => resource.resourceType === 'Patient')?.resource;
    const read = await msdt('fhir', 'read', '--server', server.url, '--patient', String(patient?.id), '--twin', 'S1');
    const shown = await msdt('build', dataPath(SET, name), '--alias', 'S2');
    const factsOf = async (twin: unknown) => {
      const out = join(folder, String(twin));
      await msdt('export', String(twin), '--out', out, '--kind', 'record');
      const [file] = (await readdir(out)).filter((one) => /clinical/.test(one));
      const bytes = new Uint8Array(await readFile(join(out, file)));
      const { facts } = (await readOne(json, [memoryFile(file, bytes)])).artifacts[0].payload as ClinicalRecord;
      return facts
        .map(({ id: _, place: __, because: ___, encounter: ____, members: _____, ...said }) => JSON.stringify(said))
        .sort();
    };
    const [byServer, byFile] = [await factsOf(read.twin), await factsOf(shown.twin)];
    expect(byServer.length).toBeGreaterThan(100);
    expect(byServer).toEqual(byFile);
  });
});
