/** Running a program without a shell, with its output, a time limit and cancel. */

import { spawn } from 'node:child_process';

/** How a program is run. */
export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** ms · no limit when absent */
  timeoutMs?: number;
  /** called with every line the program prints */
  onLine?(line: string): void;
}

/** What a program left behind. */
export interface ProgramResult {
  /** exit code; −1 when it could not be started or was ended */
  code: number;
  /** the last 16 KiB it printed */
  output: string;
  timedOut: boolean;
}

const KEEP_CHARS = 16 * 1024;
const GRACE_MS = 3000;

/**
 * Runs a program to its end. Cancelling ends it (SIGTERM, then SIGKILL after a grace) and rejects with the signal's reason.
 * @throws the abort reason
 */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  return new Promise((done, fail) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(program, args, {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: grouped,
    });
    let output = '';
    let pending = '';
    let timedOut = false;
    const listen = (part: Buffer): void => {
      const text = part.toString('utf8');
      output = (output + text).slice(-KEEP_CHARS);
      const lines = (pending + text).split(/[\r\n]+/);
      pending = lines.pop() ?? '';
      for (const line of lines) if (line.trim()) options.onLine?.(line);
    };
    // the program's own workers are in its process group and end with it
    const stop = (how: NodeJS.Signals): void => {
      try {
        if (grouped && child.pid) process.kill(-child.pid, how);
        else child.kill(how);
      } catch {
        // it has ended meanwhile
      }
    };
    const end = (): void => {
      stop('SIGTERM');
      setTimeout(() => stop('SIGKILL'), GRACE_MS).unref();
    };
    const expire = (): void => {
      timedOut = true;
      end();
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    signal?.addEventListener('abort', end, { once: true });
    const finish = (result: Omit<ProgramResult, 'timedOut'>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) fail(signal.reason);
      else done({ ...result, timedOut });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => finish({ code: -1, output: error.message }));
    child.on('close', (code) => finish({ code: code ?? -1, output }));
  });
}
