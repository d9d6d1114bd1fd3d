/** Measurements drawn by hand: one document per twin, every save a new version. */

import type { z } from 'zod';
import { measurements, type putMeasurements, type WireMeasurements } from '../contract/index.ts';
import type { Engine } from '../runtime/index.ts';

export const MEASUREMENTS = 'measurements';

export interface MeasurementsVersion {
  version: number;
  savedAt?: string;
  document: WireMeasurements;
}

/** The newest version; an empty one before the first save. */
export async function readMeasurements(engine: Engine, twin: string): Promise<MeasurementsVersion> {
  await engine.store.twins.getTwin(twin);
  const saved = await engine.store.twins.getDocument(twin, MEASUREMENTS);
  if (!saved) return { version: 0, document: { schemaVersion: 1, items: [] } };
  return { version: saved.version, savedAt: saved.savedAt, document: measurements.parse(saved.content) };
}

/** Saves a version. @throws MsdtError `store.conflict` somebody else saved since `baseVersion` */
export async function writeMeasurements(
  engine: Engine,
  twin: string,
  change: z.infer<typeof putMeasurements>,
): Promise<MeasurementsVersion> {
  const saved = await engine.store.twins.putDocument(twin, MEASUREMENTS, change.document, {
    baseVersion: change.baseVersion,
  });
  return { version: saved.version, savedAt: saved.savedAt, document: change.document };
}
