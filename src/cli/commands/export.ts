/** `msdt export`: a twin's tables and artifacts as files. */

import { join } from 'node:path';
import type { Command } from 'commander';
import { PATIENT_GRAPH_FORMATS, patientGraphFile } from '../../formats/index.ts';
import { type Artifact, featureId } from '../../model/index.ts';
import { type Engine, exportArtifact, featuresCsv, makeFolder, twinBundle, writeWhole } from '../../runtime/index.ts';
import { type DataOptions, findTwin, withDataOptions, withEngine } from '../engine.ts';
import { ProgressLine, printResult } from '../terminal.ts';

interface ExportOptions extends DataOptions {
  out: string;
  kind?: string;
  format?: string;
}

export function addExportCommand(program: Command): void {
  withDataOptions(program.command('export'))
    .description('write a twin’s features and artifacts into a folder')
    .argument('<twin>', 'id, beginning of an id, or alias')
    .requiredOption('-o, --out <folder>', 'where to')
    .option('--kind <kind>', 'only artifacts of this kind, e.g. mesh.vertebra or mesh')
    .option(
      '--format <id>',
      'format of the artifacts, e.g. stl, ply, glb, nifti, fhir for features, risk and record, graphml or jsonld for the patient graph (default: as stored)',
    )
    .action(async (twin: string, options: ExportOptions) => {
      await withEngine(options, (engine) => exportTwin(engine, twin, options));
    });
}

async function exportTwin(engine: Engine, text: string, options: ExportOptions): Promise<void> {
  const twin = await findTwin(engine, text);
  const { state } = await engine.view(twin.id);
  await makeFolder(options.out);
  const written: string[] = [];
  const write = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    const path = join(options.out, name);
    await writeWhole(path, bytes);
    written.push(name);
  };
  await write('features.csv', featuresCsv(state.features.map((feature) => ({ ...feature, id: featureId(feature) }))));
  await write('features.json', `${JSON.stringify(state.features, null, 2)}\n`);
  const fhir = options.format === 'fhir';
  if (fhir) {
    const { name, bytes } = await twinBundle(engine, state);
    await write(name, bytes);
  }
  const graphAs = PATIENT_GRAPH_FORMATS.find((format) => format === options.format);
  if (graphAs) {
    const { assessment } = await engine.inference.get(twin.id);
    const { name, bytes } = patientGraphFile(assessment.graph, graphAs);
    await write(name, bytes);
  }
  // only the record is an artifact that FHIR holds, and no artifact is a graph
  const kind = options.kind ?? (fhir ? 'record' : graphAs && 'graph');
  const chosen = state.artifacts.filter(
    (artifact) => !kind || artifact.kind === kind || artifact.kind.startsWith(`${kind}.`),
  );
  const line = new ProgressLine(options.json === true);
  const taken = new Set<string>();
  for (const [at, artifact] of chosen.entries()) {
    line.update(at / chosen.length, artifact.name);
    const file = await exportArtifact(engine, artifact, options.format ?? '');
    await write(freeName(file.name, artifact, taken), file.bytes);
  }
  line.done();
  printResult({ twin: twin.id, folder: options.out, files: written }, options.json === true, () =>
    console.log(`${written.length} files written to ${options.out}`),
  );
}

function freeName(name: string, artifact: Artifact, taken: Set<string>): string {
  const safe = name.replace(/[^\w.+-]+/g, '_').replace(/^\.+/, '_');
  const free = taken.has(safe) ? `${artifact.id.slice(0, 8)}_${safe}` : safe;
  taken.add(free);
  return free;
}
