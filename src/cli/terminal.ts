/** What the terminal face prints: progress on stderr, results on stdout, one line of JSON when asked. */

import { ArgumentError, isMsdtError, type QualityFlag, toErrorRecord } from '../model/index.ts';

const BAR_CELLS = 24;
const REFRESH_MS = 80;

/** Exit codes of the command line. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partly: 3, cancelled: 130 } as const;

/** One line of progress that redraws itself on a terminal and stays silent elsewhere. */
export class ProgressLine {
  private last = 0;
  private shown = false;
  private readonly live = process.stderr.isTTY === true;
  private readonly quiet: boolean;

  constructor(quiet: boolean) {
    this.quiet = quiet;
  }

  update(fraction: number, message = ''): void {
    if (this.quiet || !this.live) return;
    const now = Date.now();
    if (now - this.last < REFRESH_MS && fraction < 1) return;
    this.last = now;
    const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_CELLS);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
    const width = (process.stderr.columns ?? 100) - BAR_CELLS - 10;
    process.stderr.write(
      `\r${bar} ${String(Math.round(fraction * 100)).padStart(3)} % ${message.slice(0, width).padEnd(width)}`,
    );
    this.shown = true;
  }

  /** Clears the bar and, unless quiet, leaves a finished line. */
  done(message = ''): void {
    if (this.shown) process.stderr.write(`\r${' '.repeat((process.stderr.columns ?? 100) - 1)}\r`);
    this.shown = false;
    if (message && !this.quiet) process.stderr.write(`${message}\n`);
  }
}

/** Prints a table with aligned columns; numbers to the right. */
export function printTable(rows: readonly Record<string, string | number>[]): void {
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]);
  const width = Object.fromEntries(
    names.map((name) => [name, Math.max(name.length, ...rows.map((row) => String(row[name] ?? '').length))]),
  );
  const line = (cell: (name: string) => string | number): string =>
    names
      .map((name) => {
        const value = cell(name);
        return typeof value === 'number'
          ? String(value).padStart(width[name])
          : String(value ?? '').padEnd(width[name]);
      })
      .join('  ')
      .trimEnd();
  console.log(line((name) => name));
  console.log(names.map((name) => '─'.repeat(width[name])).join('  '));
  for (const row of rows) console.log(line((name) => row[name]));
}

/** Prints a result: JSON on stdout with `--json`, else through `text`. */
export function printResult(result: unknown, json: boolean, text: () => void): void {
  if (json) console.log(JSON.stringify(result, null, 2));
  else text();
}

/** Quality flags as lines. */
export function printFlags(flags: readonly QualityFlag[]): void {
  const mark = { info: '·', doubt: '?', fault: '!' } as const;
  for (const flag of flags)
    console.error(`${mark[flag.severity]} ${flag.where ? `${flag.where}: ` : ''}${flag.message}`);
}

/** What happened, to which file, what to do. Returns the exit code. */
export function printError(error: unknown, json: boolean): number {
  if ((error as { tag?: string }).tag === 'ArgumentError') {
    const message = (error as Error).message;
    if (json) console.log(JSON.stringify({ error: { code: 'parameter.invalid', message } }));
    else console.error(`error: ${message}`);
    return EXIT.usage;
  }
  const record = toErrorRecord(error);
  if (json) console.log(JSON.stringify({ error: record }));
  else {
    const place = [record.where.file, record.where.place].filter(Boolean).join(', ');
    console.error(`error: ${record.message}${place ? `\n  where:  ${place}` : ''}`);
    if (record.detail && isMsdtError(error)) console.error(`  detail: ${record.detail}`);
    else if (record.detail && process.env.MSDT_DEBUG) console.error(record.detail);
    if (record.hint) console.error(`  do:     ${record.hint}`);
  }
  return record.code === 'job.cancelled' ? EXIT.cancelled : EXIT.failed;
}

/** A signal that aborts on Ctrl-C; the second Ctrl-C ends the process at once. */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    controller.abort();
    process.once('SIGINT', () => process.exit(EXIT.cancelled));
  });
  return controller.signal;
}

/** Gathers a repeated option into a list. */
export function collect(value: string, list: string[]): string[] {
  return [...list, value];
}

/** Takes `name=value` apart. @throws ArgumentError there is no name or no `=` */
export function splitPair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new ArgumentError('option', text, 'name=value');
  return [text.slice(0, at), text.slice(at + 1)];
}
