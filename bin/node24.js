/**
 * The product runs on the Node 24 that npm installed beside it, whatever Node started it.
 * Plain JavaScript that Node 20 understands.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const REQUIRED_MAJOR = 24;

/** Path of a Node of at least version 24: the running one, or the one from `node_modules`. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) return process.execPath;
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const folder = dirname(require.resolve(`node-${platform}-${process.arch}/package.json`));
    for (const path of [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe'), join(folder, 'node.exe')]) {
      if (existsSync(path)) return path;
    }
  } catch {
    // said below
  }
  console.error(
    `msdt needs Node ${REQUIRED_MAJOR} or newer; this is ${process.version} and no packaged Node ${REQUIRED_MAJOR} was installed for ${platform}-${process.arch}.\n` +
      `Run "npm ci" without --omit=optional, or install Node ${REQUIRED_MAJOR}.`,
  );
  process.exit(1);
}

/** Runs a script on Node 24 with this process's terminal; resolves with its exit code. */
export function runOnNode24(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24(), args, { stdio: 'inherit', ...options });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
  });
}
