/** `npm run check`: the fast inner loop. Types, lint, unit, architecture, conformance. */

import { LINT, runSteps, TYPES, vitest } from './run-steps.js';

const failed = await runSteps([TYPES, LINT, ['unit, architecture, conformance', [vitest, 'run', '--project', 'unit']]]);
process.exitCode = failed.length ? 1 : 0;
