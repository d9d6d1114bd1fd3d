/** `msdt start` and `msdt serve`: the web application. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createServer, parseCdsHooksConfig } from '../../api/index.ts';
import { RESEARCH_USE } from '../../contract/index.ts';
import { MsdtError } from '../../model/index.ts';
import { filesOf } from '../../runtime/index.ts';
import { ensureDemoTwin } from '../demo.ts';
import { type DataOptions, dataFolder, openCommandEngine, withDataOptions } from '../engine.ts';

interface ServeOptions extends DataOptions {
  port: string;
  host: string;
  token?: string;
  demo?: boolean;
  cdsHooks?: string;
}

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const WEB_ROOT = join(PROJECT, 'dist/web');
const DEFAULT_PORT = '4310';

export function addServeCommands(program: Command): void {
  const start = withServeOptions(program.command('start')).description(
    'build the web application, make the demo twin, serve (the newcomer’s command)',
  );
  start.action((options: ServeOptions) => serve({ ...options, demo: true }, true));
  const serveCommand = withServeOptions(program.command('serve'))
    .description('serve the web application and the API')
    .option('--demo', 'make the demo twin first');
  serveCommand.action((options: ServeOptions) => serve(options, false));
}

function withServeOptions(command: Command): Command {
  return withDataOptions(command)
    .option('-p, --port <number>', 'port; 0 takes a free one', process.env.MSDT_PORT ?? DEFAULT_PORT)
    .option(
      '--host <address>',
      'address to listen on; anything but loopback opens the server to the network',
      '127.0.0.1',
    )
    .option('--token <secret>', 'access token (default: $MSDT_TOKEN, else one kept in the data folder)')
    .option('--cds-hooks <file>', 'JSON: address, setting, origins and trusted record systems for CDS Hooks');
}

async function serve(options: ServeOptions, build: boolean): Promise<void> {
  const cdsHooks = options.cdsHooks && parseCdsHooksConfig(await readFile(options.cdsHooks, 'utf8'), options.cdsHooks);
  if (build) await buildWeb();
  const engine = await openCommandEngine(options);
  const token = options.token ?? process.env.MSDT_TOKEN ?? (await keptToken(dataFolder(options)));
  const server = await createServer({
    engine,
    token,
    webRoot: WEB_ROOT,
    uploadDir: join(dataFolder(options), 'uploads'),
    hosts: options.host === '127.0.0.1' ? [] : [options.host],
    ...(cdsHooks && { cdsHooks }),
  });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(130);
    stopping = true;
    await server.close();
    await engine.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  try {
    const address = await server.listen({ port: Number(options.port), host: options.host });
    const url = `${address.replace('127.0.0.1', 'localhost')}/#token=${token}`;
    if (options.json) console.log(JSON.stringify({ url, address, token }));
    else
      console.log(
        `\n  msdt is ready: ${url}\n  data folder:   ${dataFolder(options)}\n  ${RESEARCH_USE}\n  Ctrl-C stops it.\n`,
      );
    if (options.demo) await ensureDemoTwin(engine, options.json === true);
  } catch (error) {
    await server.close();
    await engine.close();
    throw portError(error, options.port);
  }
}

function portError(error: unknown, port: string): unknown {
  if ((error as { code?: string }).code !== 'EADDRINUSE') return error;
  return new MsdtError('store.unavailable', `Port ${port} is taken`, {
    hint: 'Another msdt may be running; open it, or choose --port 0.',
    cause: error,
  });
}

/** The token of a data folder, made once. */
async function keptToken(folder: string): Promise<string> {
  const path = join(folder, 'token');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const token = randomBytes(24).toString('base64url');
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Builds the web application when it is missing or older than its sources. */
async function buildWeb(): Promise<void> {
  const built = join(WEB_ROOT, 'index.html');
  if (existsSync(built) && (await newestChange()) <= (await stat(built)).mtimeMs) return;
  console.log('Building the web application …');
  const code = await new Promise<number>((resolve) => {
    spawn(process.execPath, [join(PROJECT, 'bin/build.js')], { cwd: PROJECT, stdio: 'inherit' }).on('exit', (status) =>
      resolve(status ?? 1),
    );
  });
  if (code !== 0)
    throw new MsdtError('job.crashed', 'The web application could not be built', {
      hint: 'Run "npm ci" again, then "npm run build" for the details.',
    });
}

async function newestChange(): Promise<number> {
  let newest = 0;
  for (const folder of ['src/web', 'src/contract', 'src/model', 'src/kernel']) {
    for (const file of await filesOf(join(PROJECT, folder)))
      newest = Math.max(newest, (await stat(join(PROJECT, folder, file.name))).mtimeMs);
  }
  return newest;
}
