/** The inference engine at work on the twins of a data folder: assesses, remembers, learns. All it writes is append-only. */

import type { EngineParts } from '../engine.ts';
import { openAssessments } from './assessments.ts';
import { openCohorts } from './cohorts.ts';
import type { InferenceDoor } from './door.ts';
import { openSite } from './site.ts';

export * from './door.ts';

/** Opens the inference engine over the parts of a runtime. */
export function openInference(parts: EngineParts): InferenceDoor {
  const site = openSite(parts);
  const { knownModel: _, ...shown } = site;
  return { ...openAssessments(parts, site), ...shown, ...openCohorts(parts) };
}
