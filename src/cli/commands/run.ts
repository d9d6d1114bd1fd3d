/** `msdt run`: any capability on plain files. */

import type { Command } from 'commander';
import { catalogue } from '../../catalogue.ts';
import { featureId, type ParamValues, type Unit, unitText } from '../../model/index.ts';
import { checkFolder, loadAll, runOnFiles, type WrittenRun, writeRun } from '../../runtime/index.ts';
import { readNamedChoices } from '../choices.ts';
import {
  abortOnInterrupt,
  collect,
  ProgressLine,
  printFlags,
  printResult,
  printTable,
  splitPair,
} from '../terminal.ts';

interface RunOptions {
  in: string[];
  set: string[];
  choice: string[];
  out?: string;
  seed?: string;
  json?: boolean;
  list?: boolean;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run one capability on plain files, without a twin')
    .argument('[capability]', 'id of the capability')
    .option('-i, --in <role=file>', 'input: role and file or folder; repeat for more', collect, [])
    .option('-s, --set <param=value>', 'parameter; repeat for more', collect, [])
    .option(
      '-c, --choice <name=value>',
      'override for readers, e.g. posture=supine, or profile=a saved channel mapping or its file',
      collect,
      [],
    )
    .option('-o, --out <folder>', 'write outputs, features.csv and result.json here')
    .option('--seed <number>', 'seed of chance (by default it follows from the inputs)')
    .option('--list', 'name capabilities, their inputs and parameters')
    .option('--json', 'print the result as JSON')
    .action(async (capability: string | undefined, options: RunOptions) => {
      if (options.list || !capability) await listCapabilities(options.json === true, capability);
      else await runCapability(capability, options);
    });
}

async function runCapability(capability: string, options: RunOptions): Promise<void> {
  const inputs: Record<string, string[]> = {};
  for (const [role, path] of options.in.map(splitPair)) inputs[role] = [...(inputs[role] ?? []), path];
  const params: ParamValues = Object.fromEntries(options.set.map(splitPair));
  const choices = await readNamedChoices(options.choice, {});
  if (options.out) await checkFolder(options.out);
  const line = new ProgressLine(options.json === true);
  const seed = options.seed === undefined ? undefined : Number(options.seed);
  const result = await runOnFiles(
    catalogue,
    { capability, inputs, params, seed, choices },
    {
      signal: abortOnInterrupt(),
      progress: (fraction, message) => line.update(fraction, message),
      log: () => undefined,
    },
  );
  const report = await writeRun(result, options.out);
  line.done();
  printResult(report, options.json === true, () => printReport(report, options.out));
}

function printReport(report: WrittenRun, folder: string | undefined): void {
  printFlags(report.quality);
  printTable(
    report.features.map((feature) => ({
      feature: featureId(feature),
      value: typeof feature.value === 'number' ? feature.value.toFixed(2) : (feature.value ?? `— ${feature.missing}`),
      unit: unitText(feature.unit as Unit),
      '90 % interval':
        feature.uncertainty.kind === 'interval'
          ? `${feature.uncertainty.low.toFixed(2)} … ${feature.uncertainty.high.toFixed(2)}`
          : feature.uncertainty.kind,
      posture: feature.posture ?? '',
    })),
  );
  if (folder) console.error(`\n${report.outputs.flatMap((output) => output.files).length} files written to ${folder}`);
}

async function listCapabilities(json: boolean, only?: string): Promise<void> {
  const capabilities = (await loadAll(catalogue.capabilities)).filter((capability) => !only || capability.id === only);
  const list = capabilities.map(({ id, version, title, summary, inputs, outputs, params }) => ({
    id,
    version,
    title,
    summary,
    inputs,
    outputs,
    params,
  }));
  printResult(list, json, () => {
    for (const { id, summary, inputs, params } of list) {
      console.log(`${id}\n  ${summary}`);
      for (const [role, kind] of Object.entries(inputs)) console.log(`  --in  ${role}=FILE`.padEnd(34), kind);
      for (const [name, spec] of Object.entries(params)) {
        const range =
          spec.type === 'number'
            ? `${spec.min} to ${spec.max} ${unitText(spec.unit)}`
            : spec.type === 'choice'
              ? spec.options.join(' | ')
              : spec.type;
        console.log(`  --set ${name}=${spec.default}`.padEnd(34), `${spec.label} (${range})`);
      }
      console.log('');
    }
  });
}
