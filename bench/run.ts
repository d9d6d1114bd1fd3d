/**
 * Our kernels beside their peers, in one run: `node bench/run.ts [row …] [--rounds N] [--no-write]`.
 *
 * Peers and our own cases take turns (N rounds, default 3) so that a slow minute of the machine hits both; ratios are between
 * medians of CPU seconds. Prints every JSON line it reads, and writes the ratios into docs/performance.md between the
 * markers. A peer that cannot run is named and leaves its ratio open.
 *
 * `$PEER_DATA` (default /tmp/peers_data) holds the generated inputs, `$MSDT_PEERS` (default ../shared/peers) the peer
 * scripts with their generator, `$PEER_BIN` (default /tmp/peers_bin) the native ones built by them.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measure.ts';
import { middle } from './measure.ts';
import type { Goal, Program, Row } from './rows.ts';
import { ROWS } from './rows.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const PEERS = resolve(process.env.MSDT_PEERS ?? join(ROOT, '../shared/peers'));
const DATA = process.env.PEER_DATA ?? '/tmp/peers_data';
const BIN = process.env.PEER_BIN ?? '/tmp/peers_bin';
const PAGE = join(ROOT, 'docs/performance.md');
const BEGIN = '<!-- bench:kernels (written by bench/run.ts) -->';
const END = '<!-- /bench:kernels -->';

const HEADER = [
  '| row | case | ours | peer | ours, CPU s | peer, CPU s | ratio | goal | met |',
  '| --- | --- | --- | --- | --: | --: | --: | --: | :-: |',
];

function prepare(rows: readonly Row[]): void {
  if (!existsSync(join(DATA, 'ct_512x512x300.i16'))) run({ command: ['/usr/bin/python3', '$PEERS/gen_ct.py'] });
  if (!existsSync(join(DATA, 'bone_mesh.v.f32')))
    run({ command: ['/usr/bin/python3', '$ROOT/bench/peers/vtk_mesh.py'] });
  if (rows.some((row) => row.id === '9') && !existsSync(join(DATA, 'model_20k.f32')))
    run({ command: ['/usr/bin/python3', '$PEERS/gen_surface.py'] });
  if (rows.some((row) => row.id === '4b') && !existsSync(join(BIN, 'itk_peer'))) {
    run({ command: ['sh', '$PEERS/build_native.sh', '$BIN', 'itk'] });
  }
}

/** Runs a program and collects the JSON lines it prints. */
function run(program: Program): Measured[] {
  const words = program.command.map((word) =>
    word.replace('$PEERS', PEERS).replace('$ROOT', ROOT).replace('$DATA', DATA).replace('$BIN', BIN),
  );
  const command = words[0] === 'node' ? process.execPath : words[0];
  const env = { ...process.env, PEER_DATA: DATA, MSDT_PEERS: PEERS, PEER_NPM: process.env.PEER_NPM ?? ROOT };
  const done = spawnSync(command, words.slice(1), { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  const lines = (done.stdout ?? '').split('\n').filter((line) => line.startsWith('{'));
  for (const line of lines) console.log(line);
  if (done.status !== 0 && lines.length === 0) {
    const reason = done.error?.message ?? done.stderr.trim().split('\n').pop();
    console.error(`not run: ${words.join(' ')}: ${reason}`);
  }
  return lines.map((line) => JSON.parse(line) as Measured);
}

function secondsOf(lines: readonly Measured[], peer: string, name: string): number | undefined {
  const found = lines.filter((line) => line.peer === peer && line.case === name);
  return found.length > 0 ? middle(found.map((line) => line.cpu_s ?? line.median_s)) : undefined;
}

function tableLine(row: Row, goal: Goal, lines: readonly Measured[]): string | undefined {
  const ours = secondsOf(lines, goal.ours, goal.case);
  const peer = secondsOf(lines, goal.peer, goal.case);
  if (ours === undefined) return undefined;
  const ratio = peer === undefined ? undefined : ours / peer;
  const met = ratio === undefined || goal.ratio === undefined ? '' : ratio <= goal.ratio ? 'yes' : '**no**';
  const show = (seconds: number | undefined) => (seconds === undefined ? 'not run' : seconds.toPrecision(3));
  const cells = [
    row.id,
    `${row.title} · ${goal.case}`,
    goal.ours,
    goal.peer,
    show(ours),
    show(peer),
    ratio?.toFixed(2) ?? '',
    goal.ratio === undefined ? '' : `≤ ${goal.ratio}`,
    met,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Replaces the lines of the rows that ran and keeps the others. */
function writeTable(fresh: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < 0) throw new Error(`docs/performance.md has no markers ${BEGIN} … ${END}`);
  const idOf = (line: string) => /^\| (\w+)/.exec(line)?.[1];
  const ran = new Set(fresh.map(idOf));
  const old = page
    .slice(from, to)
    .split('\n')
    .filter((line) => /^\| \d/.test(line) && !ran.has(idOf(line)));
  const order = (line: string) => {
    const [, digits, letter] = /^\| (\d+)(\w?)/.exec(line) ?? [];
    return 1000 * Number(digits) + (letter ? letter.charCodeAt(0) : 0);
  };
  const lines = [...old, ...fresh].sort((a, b) => order(a) - order(b));
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const note = `${machine}, ${new Date().toISOString().slice(0, 10)}. One thread; medians of CPU seconds.`;
  const block = [BEGIN, note, '', ...HEADER, ...lines, END].join('\n');
  writeFileSync(PAGE, page.slice(0, from) + block + page.slice(to + END.length));
}

const args = process.argv.slice(2);
const roundsAt = args.indexOf('--rounds');
const rounds = roundsAt >= 0 ? Number(args.splice(roundsAt, 2)[1]) : 3;
const wanted = args.filter((arg) => !arg.startsWith('--'));
const rows = ROWS.filter((row) => wanted.length === 0 || wanted.includes(row.id));
prepare(rows);
const table: string[] = [];
for (const row of rows) {
  const lines: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const peer of row.peers) lines.push(...run(peer));
    lines.push(...run(row.own));
  }
  table.push(...row.goals.map((goal) => tableLine(row, goal, lines)).filter((line) => line !== undefined));
}
console.log([...HEADER, ...table].join('\n'));
if (!args.includes('--no-write')) writeTable(table);
