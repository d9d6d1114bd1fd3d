/**
 * The whole job: a zipped DICOM study becomes a served twin with skin and bone surfaces.
 *
 * `node bench/whole-job.ts [ZIP]` starts the server as a user would on a fresh data folder, uploads through the API, waits for the job,
 * and fetches the first slice as the browser does. Prints one JSON line: seconds per part, peak memory of the server process
 * (VmHWM) and of its whole process tree (sum of PSS, sampled).
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TwinView, WireJob, WireUpload } from '../src/contract/index.ts';
import { dataPath } from '../tests/support/data-root.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const zip = resolve(process.argv[2] ?? dataPath('ct-chest-lidc-0314', 'lidc-idri-0314-lower-half.zip'));
const CHUNK = 8 * 1024 * 1024;

/** Process ids of a tree, from /proc. */
function tree(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const ppid = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      parents.set(ppid, [...(parents.get(ppid) ?? []), Number(name)]);
    } catch {
      // ended meanwhile
    }
  }
  const all = [pid];
  for (const id of all) all.push(...(parents.get(id) ?? []));
  return all;
}

function kilobytes(pid: number, file: string, key: string): number {
  try {
    return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function startServer(folder: string): Promise<{ child: ChildProcess; address: string; token: string }> {
  const child = spawn(
    process.execPath,
    [join(root, 'src/cli/main.ts'), 'serve', '--data', folder, '--port', '0', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await new Promise<string>((done, fail) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes('\n')) done(text.split('\n')[0]);
    });
    child.on('exit', (code) => fail(new Error(`the server ended with ${code}`)));
  });
  return { child, ...(JSON.parse(line) as { address: string; token: string }) };
}

const folder = await mkdtemp(join(tmpdir(), 'msdt-bench-'));
const begun = performance.now();
const { child, address, token } = await startServer(folder);
const served = performance.now();
const pid = child.pid as number;
let treePeak = 0;
const sampler = setInterval(() => {
  treePeak = Math.max(
    treePeak,
    tree(pid).reduce((sum, id) => sum + kilobytes(id, 'smaps_rollup', 'Pss'), 0),
  );
}, 200);

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const reply = await fetch(`${address}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}
const post = <T>(path: string, body: object): Promise<T> =>
  ask<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

try {
  const bytes = await readFile(zip);
  const start = performance.now();
  const twin = await post<{ id: string }>('/api/twins', { alias: 'Bench' });
  const upload = await post<WireUpload>('/api/uploads', {
    twin: twin.id,
    files: [{ name: 'study.zip', bytes: bytes.length }],
  });
  for (let at = 0; at < bytes.length; at += CHUNK) {
    await ask(`/api/uploads/${upload.id}/files/0?offset=${at}`, {
      method: 'PUT',
      body: bytes.subarray(at, at + CHUNK),
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
  const { job } = await post<{ job: string }>(`/api/uploads/${upload.id}/complete`, {});
  let state: WireJob;
  do {
    await new Promise((done) => setTimeout(done, 50));
    state = await ask<WireJob>(`/api/jobs/${job}`);
  } while (state.state === 'queued' || state.state === 'running');
  const built = performance.now();
  const view = await ask<TwinView>(`/api/twins/${twin.id}`);
  const volume = view.artifacts.find((artifact) => artifact.kind.startsWith('volume.'));
  const blob = volume?.blobs[0];
  await (
    await fetch(`${address}/api/blobs/${blob?.sha256}`, {
      headers: { authorization: `Bearer ${token}`, range: 'bytes=0-524639' },
    })
  ).arrayBuffer();
  const sliced = performance.now();
  clearInterval(sampler);
  const seconds = (from: number, to: number): number => Number(((to - from) / 1000).toFixed(2));
  console.log(
    JSON.stringify({
      case: 'whole-job-512x512x72',
      job: state.state,
      errors: state.items.filter((item) => item.status === 'error').map((item) => `${item.item}: ${item.message}`),
      meshes: view.artifacts.filter((artifact) => artifact.kind.startsWith('mesh.')).map((artifact) => artifact.kind),
      server_start_s: seconds(begun, served),
      job_s: seconds(start, built),
      first_slice_s: seconds(built, sliced),
      peak_server_MB: Math.round(kilobytes(pid, 'status', 'VmHWM') / 1024),
      peak_tree_pss_MB: Math.round(treePeak / 1024),
    }),
  );
} finally {
  clearInterval(sampler);
  child.kill('SIGTERM');
  await new Promise((done) => child.on('exit', done));
  await rm(folder, { recursive: true, force: true });
}
