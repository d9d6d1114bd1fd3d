/** `msdt show`: the list of twins, or what one twin knows. */

import type { Command } from 'commander';
import { decimalsFor, featureId, SCALES, unitText } from '../../model/index.ts';
import type { Engine } from '../../runtime/index.ts';
import type { TwinState } from '../../twin/index.ts';
import { type DataOptions, findTwin, withDataOptions, withEngine } from '../engine.ts';
import { printFlags, printResult, printTable } from '../terminal.ts';

interface ShowOptions extends DataOptions {
  known?: string;
  valid?: string;
  features?: string;
}

export function addShowCommand(program: Command): void {
  withDataOptions(program.command('show'))
    .description('list twins, or show what one twin knows')
    .argument('[twin]', 'id, beginning of an id, or alias')
    .option('--features <text>', 'only features whose id holds this text')
    .option('--known <date>', 'as the twin knew it then')
    .option('--valid <date>', 'as it was true of the patient then')
    .action(async (twin: string | undefined, options: ShowOptions) => {
      await withEngine(options, (engine) => (twin ? showTwin(engine, twin, options) : listTwins(engine, options)));
    });
}

async function listTwins(engine: Engine, options: ShowOptions): Promise<void> {
  const twins = await engine.store.twins.listTwins();
  printResult(twins, options.json === true, () => {
    if (twins.length === 0) console.log('No twins yet. Make one: msdt build FOLDER, or msdt start for the demo.');
    printTable(
      twins.map((twin) => ({
        alias: twin.alias,
        id: twin.id.slice(0, 12),
        acquisitions: twin.acquisitions,
        artifacts: twin.artifacts,
        features: twin.features,
        doubts: twin.doubts,
        changed: twin.changedAt.slice(0, 16).replace('T', ' '),
        '': twin.synthetic ? 'SYNTHETIC' : '',
      })),
    );
  });
}

async function showTwin(engine: Engine, text: string, options: ShowOptions): Promise<void> {
  const twin = await findTwin(engine, text);
  const { state, plan } = await engine.view(twin.id, { knownAt: options.known, validAt: options.valid });
  const wanted = options.features?.toLowerCase();
  const features = state.features.filter((feature) => !wanted || featureId(feature).toLowerCase().includes(wanted));
  printResult({ ...state, features }, options.json === true, () => {
    printState({ ...state, features });
    for (const { capability, reason } of plan.blocked) console.log(`not made: ${capability.title}: ${reason}`);
  });
}

function printState(state: TwinState): void {
  const { twin, acquisitions, artifacts, features } = state;
  console.log(`${twin.alias} (${twin.id})${twin.synthetic ? '  SYNTHETIC' : ''}`);
  for (const scale of SCALES) {
    for (const acquisition of acquisitions.filter((candidate) => candidate.scales[0] === scale)) {
      console.log(
        `\n${scale}: ${acquisition.modality}, ${acquisition.posture}${acquisition.takenAt ? `, ${acquisition.takenAt.slice(0, 10)}` : ''}`,
      );
      printFlags(acquisition.quality);
      for (const artifact of artifacts.filter((candidate) => candidate.acquisition === acquisition.id))
        console.log(`  ${artifact.kind.padEnd(26)} ${artifact.name}`);
    }
  }
  console.log('');
  printTable(
    features.map((feature) => {
      const sd = feature.uncertainty.kind === 'interval' ? feature.uncertainty.sd : undefined;
      const digits = decimalsFor(sd);
      return {
        feature: featureId(feature),
        value: typeof feature.value === 'number' ? feature.value.toFixed(digits) : (feature.value ?? '—'),
        unit: unitText(feature.unit),
        '90 % interval':
          feature.uncertainty.kind === 'interval'
            ? `${feature.uncertainty.low.toFixed(digits)} … ${feature.uncertainty.high.toFixed(digits)}`
            : feature.uncertainty.kind,
        posture: feature.posture ?? '',
        note: feature.missing ?? '',
      };
    }),
  );
}
