/**
 * Child process of the build-kill test: builds twins from the same files again and again until it is killed.
 *
 * `node build-loop.ts DATA FILE…` prints one JSON line for every thing that has been reported done: a twin, a snapshot, a job.
 */

import { basename } from 'node:path';
import { openTestEngine } from '../engine.ts';

const [dataDir, ...files] = process.argv.slice(2);
const { engine } = await openTestEngine(dataDir);

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

engine.bus.subscribe((event) => {
  if (event.type === 'snapshot')
    tell({ done: 'snapshot', twin: event.twin, id: event.snapshot.id, artifacts: event.snapshot.artifacts });
});
tell({ done: 'open', adopted: engine.store.opened.adopted });

for (let number = 1; ; number++) {
  const twin = await engine.createTwin(`Kill ${process.pid}-${number}`, { synthetic: true });
  tell({ done: 'twin', twin: twin.id });
  const job = await engine.ingest(
    twin.id,
    files.map((path) => ({ name: basename(path), path })),
  );
  const ended = await engine.jobs.ended(job.id);
  tell({ done: 'job', twin: twin.id, job: job.id, state: ended.state, error: ended.error?.message });
}
