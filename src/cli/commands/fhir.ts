/** `msdt fhir`: a patient of a FHIR server into a twin, and what a twin says back to the server. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readPatient, writeBundle } from '../../interop/fhir/index.ts';
import { isMsdtError } from '../../model/index.ts';
import { type Engine, twinBundle } from '../../runtime/index.ts';
import { type DataOptions, findTwin, followJob, withDataOptions, withEngine } from '../engine.ts';
import { abortOnInterrupt, EXIT, ProgressLine, printResult, printTable } from '../terminal.ts';

interface ServerOptions extends DataOptions {
  server: string;
  twin: string;
  patient?: string;
  tokenFile?: string;
}

const TOKEN_VARIABLE = 'MSDT_FHIR_TOKEN';

export function addFhirCommands(program: Command): void {
  const fhir = program.command('fhir').description('read from and write to a FHIR R4 server');
  withServerOptions(fhir.command('read'))
    .description('read one patient of a server into a twin')
    .requiredOption('--patient <id>', 'logical id of the Patient on the server')
    .requiredOption('--twin <id or alias>', 'the twin; made under this alias when there is none')
    .action(async (options: ServerOptions) => {
      process.exitCode = await withEngine(options, (engine) => readInto(engine, options));
    });
  withServerOptions(fhir.command('write'))
    .description('write features, report, risk and suggestions of a twin to a server; writing twice writes once')
    .requiredOption('--twin <id or alias>', 'the twin')
    .option('--patient <id>', 'Patient of the server to whom it belongs (default: a pseudonymous one is made)')
    .action(async (options: ServerOptions) => {
      await withEngine(options, (engine) => writeFrom(engine, options));
    });
}

function withServerOptions(command: Command): Command {
  return withDataOptions(command)
    .requiredOption('--server <url>', 'base address of the FHIR API, e.g. https://server/fhir')
    .option('--token-file <path>', `file with the bearer token (default: $${TOKEN_VARIABLE})`);
}

/** The bearer token; never an argument, as those are seen by everybody on the machine. */
async function tokenOf({ tokenFile }: ServerOptions): Promise<string | undefined> {
  const text = tokenFile ? await readFile(tokenFile, 'utf8') : process.env[TOKEN_VARIABLE];
  return text?.trim() || undefined;
}

async function readInto(engine: Engine, options: ServerOptions): Promise<number> {
  const line = new ProgressLine(options.json === true);
  const read = await readPatient({
    baseUrl: options.server,
    patientId: options.patient ?? '',
    token: await tokenOf(options),
    signal: abortOnInterrupt(),
    progress: (fraction, message) => line.update(fraction, message),
  });
  line.done();
  const twin = await twinNamed(engine, options.twin);
  // it holds names until it is read: only this user may see it, and it goes at once
  const folder = await mkdtemp(join(tmpdir(), 'msdt-fhir-'));
  const path = join(folder, read.fileName);
  await writeFile(path, read.bytes, { mode: 0o600 });
  const started = await engine.ingest(twin.id, [{ name: read.fileName, path }], {
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  });
  const job = await followJob(engine, started, options.json === true);
  const { resources, pages, via, skipped } = read;
  printResult(
    { twin: twin.id, alias: twin.alias, resources, pages, via, skipped, state: job.state, items: job.items },
    options.json === true,
    () => {
      console.log(`${resources} resources on ${pages} pages (${via}) into twin ${twin.alias} (${twin.id})`);
      printTable(job.items.map(({ item, status, message }) => ({ status, item, message: message ?? '' })));
      for (const { what, reason } of skipped) console.error(`· ${what}: ${reason}`);
    },
  );
  return job.state === 'done' ? EXIT.ok : EXIT.failed;
}

async function twinNamed(engine: Engine, text: string): Promise<{ id: string; alias: string }> {
  try {
    return await findTwin(engine, text);
  } catch (error) {
    const several = isMsdtError(error) && error.detail !== '';
    if (several || !isMsdtError(error, 'store.not-found')) throw error;
    return engine.createTwin(text);
  }
}

async function writeFrom(engine: Engine, options: ServerOptions): Promise<void> {
  const twin = await findTwin(engine, options.twin);
  const { state } = await engine.view(twin.id);
  const { bytes } = await twinBundle(engine, state);
  const result = await writeBundle({
    baseUrl: options.server,
    bundle: JSON.parse(new TextDecoder().decode(bytes)),
    token: await tokenOf(options),
    patientId: options.patient,
    signal: abortOnInterrupt(),
  });
  const { created, existing, patientId, transactions } = result;
  printResult({ twin: twin.id, ...result }, options.json === true, () =>
    console.log(
      `${created} resources written, ${existing} were there already, in ${transactions} transaction(s); Patient/${patientId ?? '?'}`,
    ),
  );
}
