/** `msdt move`: an OpenSim model moved by a motion, its bodies or markers written in any format that holds points. */

import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Command } from 'commander';
import { catalogue } from '../../catalogue.ts';
import { moveModel, readOsim } from '../../interop/opensim/index.ts';
import { MsdtError, type Signals } from '../../model/index.ts';
import { filesOf, loadAll, readFiles } from '../../runtime/index.ts';
import { abortOnInterrupt, EXIT, printFlags, printResult } from '../terminal.ts';

interface MoveOptions {
  markers?: boolean;
  json?: boolean;
}

export function addMoveCommand(program: Command): void {
  program
    .command('move')
    .description('move an OpenSim model by a motion (forward kinematics)')
    .argument('<model>', 'OpenSim model, .osim')
    .argument('<motion>', 'joint angles, .mot or .sto')
    .argument('<output>', 'file to write: .trc, .c3d, .parquet …')
    .option('--markers', 'markers of the model instead of its bodies')
    .option('--json', 'print the result as JSON')
    .action(async (model: string, motion: string, output: string, options: MoveOptions) => {
      process.exitCode = await move(model, motion, output, options);
    });
}

async function move(modelPath: string, motionPath: string, output: string, options: MoveOptions): Promise<number> {
  const kind = options.markers ? 'sequence.markers' : 'sequence.skeleton';
  const formats = await loadAll(catalogue.formats);
  const target = formats.find(
    ({ extensions, writes }) =>
      writes.includes(kind) && extensions.some((extension) => output.toLowerCase().endsWith(extension)),
  );
  if (!target?.write) {
    throw new MsdtError('file.unsupported', `No format that holds moving points is named by "${basename(output)}"`, {
      hint: '`msdt convert --list` shows the formats; .trc, .c3d and .parquet hold points.',
    });
  }
  const text = await readFile(modelPath, 'utf8').catch((cause: Error) => {
    throw new MsdtError('file.unreadable', `${basename(modelPath)} cannot be opened`, {
      where: { file: basename(modelPath), place: 'whole file' },
      detail: cause.message,
      hint: 'Check the path of the model.',
      cause,
    });
  });
  const model = readOsim(text, basename(modelPath));
  const report = await readFiles(catalogue, await filesOf(motionPath), { signal: abortOnInterrupt() });
  const angles = report.items.flatMap(({ artifacts }) => artifacts).find((one) => one.kind === 'signal.angle');
  if (!angles) {
    if (report.errors[0]) throw report.errors[0].error;
    throw new MsdtError('input.missing', `${basename(motionPath)} holds no joint angles`, {
      where: { file: basename(motionPath) },
      hint: 'Give the motion file of an inverse kinematics, .mot or .sto.',
    });
  }
  const moved = moveModel(model, angles.payload as Signals);
  const payload = options.markers ? moved.markers : moved.bodies;
  const [file] = await target.write({ kind, payload, name: basename(output, extname(output)) });
  const path = join(dirname(output), basename(output));
  await writeFile(`${path}.part`, file.bytes);
  await rename(`${path}.part`, path);
  const frames = payload.names.length ? payload.positions.length / 3 / payload.names.length : 0;
  const result = { written: path, model: model.name, points: payload.names.length, frames };
  printResult(result, options.json === true, () => {
    printFlags(moved.quality);
    console.log(`${path}: ${payload.names.length} ${options.markers ? 'markers' : 'bodies'}, ${frames} frames`);
  });
  return EXIT.ok;
}
