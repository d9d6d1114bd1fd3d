/** The terminal face: the same jobs as the browser, headless. */

import { Command } from 'commander';
import { RESEARCH_USE } from '../contract/index.ts';
import { VERSION } from '../runtime/index.ts';
import { addBuildCommand } from './commands/build.ts';
import { addCohortCommand } from './commands/cohort.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addExportCommand } from './commands/export.ts';
import { addFhirCommands } from './commands/fhir.ts';
import { addInferenceCommands, addSiteCommand } from './commands/inference.ts';
import { addMoveCommand } from './commands/move.ts';
import { addRunCommand } from './commands/run.ts';
import { addSegmentCommand } from './commands/segment.ts';
import { addServeCommands } from './commands/serve.ts';
import { addShowCommand } from './commands/show.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { printError } from './terminal.ts';

const program = new Command('msdt')
  .description(`The Musculoskeletal Digital Twin. ${RESEARCH_USE}.`)
  .version(VERSION)
  .showHelpAfterError('(msdt --help shows the commands)')
  .configureHelp({ sortSubcommands: false });

addServeCommands(program);
addBuildCommand(program);
addShowCommand(program);
addExportCommand(program);
addConvertCommand(program);
addFhirCommands(program);
addMoveCommand(program);
addSegmentCommand(program);
addSimulateCommand(program);
addRunCommand(program);
addInferenceCommands(program);
addSiteCommand(program);
addCohortCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = printError(error, process.argv.includes('--json'));
}
