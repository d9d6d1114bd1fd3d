/**
 * Supervises the embedded PostgreSQL: starts it, adopts one that a killed parent left running, stops it.
 *
 * The server's own `postmaster.pid` says who runs, where it listens and whether it is ready. The server is detached and
 * writes to a log file, so it neither dies with a terminal nor blocks on a pipe that nobody reads any more.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { chown, open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MsdtError } from '../../model/index.ts';
import { folderOf, isRunning } from '../folder/process.ts';
import { type Account, chooseAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { clusterExists, initialiseCluster, readPassword, SUPERUSER, sweepUnfinished } from './cluster.ts';

const READY_MS = 60_000;
const STOP_MS = 30_000;
/** Between the end of its work and the end of its process · ms */
const LAST_BREATH_MS = 2_000;
const LOG_BYTES = 1 << 20;

export interface Server {
  host: string;
  port: number;
  user: string;
  password: string;
  /** true: it was running already, left behind by a parent that was killed */
  adopted: boolean;
  stop(): Promise<void>;
  /** asks it to stop without waiting; for the very end of a process */
  stopSoon(): void;
  /** brings it up again, at the same port, when it has ended unasked (out of memory, killed by hand) */
  revive(): Promise<void>;
}

interface PidFile {
  pid: number;
  port: number;
  status: string;
}

/**
 * Brings up the database of a data folder. The caller holds the lock of the folder.
 * @param cluster - folder of the cluster; made when it is missing
 */
export async function startServer(cluster: string): Promise<Server> {
  await sweepUnfinished(cluster);
  const binaries = await findBinaries();
  const account = await chooseAccount(cluster, binaries.postgres);
  if (!(await clusterExists(cluster))) await initialiseCluster(cluster, binaries, account);
  const password = await readPassword(cluster);
  const running = await findRunning(cluster);
  const up = running ? { file: running, adopted: true } : await launch({ cluster, binaries, account });
  return serverOf({ cluster, binaries, account }, up, password);
}

interface Place {
  cluster: string;
  binaries: Binaries;
  account: Account;
}

/** A server that is ready. */
interface Up {
  file: PidFile;
  /** it ran already */
  adopted: boolean;
}

/** A server of this cluster that runs already and is (or becomes) ready. */
async function findRunning(cluster: string): Promise<PidFile | undefined> {
  const until = Date.now() + READY_MS;
  for (;;) {
    const found = await readPidFile(cluster);
    if (!found || !(await isRunning(found.pid))) return undefined;
    const folder = await folderOf(found.pid);
    if (folder !== undefined && folder !== cluster && (await differs(folder, cluster))) {
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (found.status === 'ready' && found.port > 0) return found;
    if (Date.now() > until) throw stuck(cluster, found);
    await sleep(10);
  }
}

/** True when two paths lead to different folders: the number in the pid file was given to somebody else. */
async function differs(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return first?.ino !== second?.ino || first?.dev !== second?.dev;
}

async function launch({ cluster, binaries, account }: Place, wantedPort?: number): Promise<Up> {
  let words = '';
  for (let attempt = 0; attempt < 40; attempt++) {
    const port = wantedPort ?? (await freePort());
    const log = await openLog(cluster, account);
    const from = (await log.stat()).size;
    const [program, ...args] = [...account.prefix, binaries.postgres, '-D', cluster, ...settings(port)];
    const child = spawn(program, args, {
      ...account.spawn,
      cwd: dirname(binaries.postgres),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const ready = await becomesReady(cluster, child);
    await log.close();
    if (ready) {
      child.unref();
      return { file: ready, adopted: false };
    }
    words = await readLog(cluster, from);
    if (
      !/could not bind|Address already in use|pre-existing shared memory|lock file "postmaster.pid" already/.test(words)
    )
      break;
    const running = await findRunning(cluster);
    if (running) return { file: running, adopted: true };
    await sleep(100);
  }
  throw refused(words);
}

/** For one machine and a few connections. Durable: fsync and synchronous commit stay on. Terse: no row content in the log. */
function settings(port: number): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 40,
    shared_buffers: '64MB',
    io_method: 'sync',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '256MB',
    jit: 'off',
    timezone: 'UTC',
    log_min_messages: 'warning',
    log_error_verbosity: 'terse',
    log_line_prefix: '%m ',
    logging_collector: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function becomesReady(cluster: string, child: ChildProcess): Promise<PidFile | undefined> {
  let ended = false;
  child.on('error', () => {
    ended = true;
  });
  child.on('exit', () => {
    ended = true;
  });
  const until = Date.now() + READY_MS;
  while (!ended && Date.now() < until) {
    const found = await readPidFile(cluster);
    if (found?.status === 'ready' && found.pid === child.pid) return found;
    await sleep(5);
  }
  if (!ended) child.kill('SIGQUIT');
  return undefined;
}

function serverOf(place: Place, up: Up, password: string): Server {
  const { cluster } = place;
  const { port } = up.file;
  let { pid } = up.file;
  let stopping = false;
  let reviving: Promise<void> | undefined;
  const signal = (name: NodeJS.Signals): void => {
    stopping = true;
    try {
      process.kill(pid, name);
    } catch {
      // it has ended already
    }
  };
  const revive = async (): Promise<void> => {
    if (stopping || (await isRunning(pid))) return;
    pid = (await launch(place, port)).file.pid;
    if (stopping) signal('SIGINT');
  };
  return {
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    adopted: up.adopted,
    stopSoon: () => signal('SIGINT'),
    revive() {
      reviving ??= revive().finally(() => {
        reviving = undefined;
      });
      return reviving;
    },
    async stop() {
      signal('SIGINT');
      await reviving?.catch(() => undefined);
      const until = Date.now() + STOP_MS;
      while ((await isRunning(pid)) && (await readPidFile(cluster))?.pid === pid) {
        if (Date.now() > until) return signal('SIGQUIT');
        await sleep(5);
      }
      const last = Date.now() + LAST_BREATH_MS;
      while (Date.now() < last && (await isRunning(pid))) await sleep(5);
    },
  };
}

/** Lines: process, folder, start, port, socket folder, address, shared memory, status. Absent or half-written: undefined. */
async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: lines[7] ?? '' };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function logPath(cluster: string): string {
  return `${cluster}.log`;
}

/** Appends; begins anew when the log has grown long. */
async function openLog(cluster: string, account: Account): Promise<Awaited<ReturnType<typeof open>>> {
  const path = logPath(cluster);
  const long = ((await stat(path).catch(() => undefined))?.size ?? 0) > LOG_BYTES;
  const handle = await open(path, long ? 'w' : 'a', 0o600);
  if (account.owner) await chown(path, account.owner.uid, account.owner.gid);
  return handle;
}

async function readLog(cluster: string, from: number): Promise<string> {
  const bytes = await readFile(logPath(cluster)).catch(() => Buffer.alloc(0));
  return bytes.subarray(from).subarray(-4000).toString('utf8').trim();
}

function stuck(cluster: string, file: PidFile): MsdtError {
  return new MsdtError('store.unavailable', 'A database server of this data folder runs but does not become ready', {
    where: { file: `${basename(cluster)}/postmaster.pid` },
    detail: `process ${file.pid}, ${file.status || 'no status'}`,
    hint: 'Look at postgres.log in the data folder; stop that process and start again.',
  });
}

function refused(words: string): MsdtError {
  const hint = /No space left/.test(words)
    ? 'The disk is full: free some space and start again; nothing that was saved is lost.'
    : /incompatible with server/.test(words)
      ? 'The data folder was made by another version of PostgreSQL: use the msdt that made it, or export and import again.'
      : /Permission denied|could not (?:open|create|access)/.test(words)
        ? 'The database may not read or write its folder: start under the account that made it.'
        : 'Look at postgres.log in the data folder.';
  return new MsdtError('store.unavailable', 'The embedded database did not start', {
    where: { file: 'postgres.log' },
    detail: words.split('\n').slice(-6).join('\n'),
    hint,
  });
}
