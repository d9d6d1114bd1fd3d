#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { node24, runOnNode24 } from './node24.js';

const main = new URL('../src/cli/main.ts', import.meta.url);
if (node24() === process.execPath) {
  await import(main.href);
} else {
  process.exitCode = await runOnNode24([fileURLToPath(main), ...process.argv.slice(2)]);
}
