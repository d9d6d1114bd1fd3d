/** Builds the web application into dist/web. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnNode24 } from './node24.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
process.exitCode = await runOnNode24(
  [vite, 'build', '--config', join(root, 'src/web/vite.config.ts'), '--logLevel', 'warn'],
  { cwd: root },
);
