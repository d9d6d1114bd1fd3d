/** Who runs on this machine: enough to tell a living process from a new one that got an old number. */

import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** True when a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A text that only this incarnation of a process number has: boot and start time.
 * @returns '' when there is no such process; undefined where the platform does not tell
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    if (!text) return '';
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return '';
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
    return `${boot.trim()}:${fields[19]}`;
  }
  if (process.platform === 'win32') return undefined;
  const found = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  return found?.stdout.trim() ?? '';
}

/** True when a process with this number still works; one that has ended and waits to be cleared away does not. */
export async function isRunning(pid: number): Promise<boolean> {
  return isAlive(pid) && (await startOf(pid)) !== '';
}

/** Working folder of a process, where the platform tells (Linux). */
export async function folderOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}
