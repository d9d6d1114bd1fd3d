/** What R4 has no place for, written as extensions of an Observation and read back without loss: doubt, evidence, origin. */

import type { Feature, Uncertainty } from '../../../model/index.ts';
import { defined, type Json, numberOf, objectOf, objectsOf, textOf } from '../json-value.ts';

/** Local code systems and extensions of features. */
export const LOCAL_FEATURE = {
  definition: 'urn:msdt:feature',
  id: 'urn:msdt:feature-id',
  site: 'urn:msdt:site',
  capability: 'urn:msdt:capability',
  context: 'urn:msdt:context',
  uncertainty: 'urn:msdt:extension:uncertainty',
  origin: 'urn:msdt:extension:origin',
} as const;

/** The doubt of a value: kind, 90 % interval, standard deviation, and how it was got or why it is unknown. */
export function uncertaintyExtension(uncertainty: Uncertainty): Json {
  const { kind } = uncertainty;
  const numbers = kind === 'interval' ? { low: uncertainty.low, high: uncertainty.high, sd: uncertainty.sd } : {};
  const words = kind === 'unknown' ? { reason: uncertainty.reason } : { method: uncertainty.method };
  return {
    url: LOCAL_FEATURE.uncertainty,
    extension: [
      { url: 'kind', valueCode: kind },
      ...Object.entries(numbers).map(([url, valueDecimal]) => ({ url, valueDecimal })),
      ...Object.entries(words).map(([url, valueString]) => ({ url, valueString })),
    ],
  };
}

/** Run, unit, place and evidence of a feature. */
export function factExtension(feature: Feature): Json {
  const { run, unit, site, level, side, evidence, synthetic } = feature;
  const words = defined({ run, unit, site, level, side });
  return {
    url: LOCAL_FEATURE.origin,
    extension: [
      ...Object.entries(words).map(([url, valueString]) => ({ url, valueString })),
      ...(synthetic ? [{ url: 'synthetic', valueBoolean: true }] : []),
      ...evidence.map((way) => ({ url: 'evidence', valueString: JSON.stringify(way) })),
    ],
  };
}

/** The doubt that `uncertaintyExtension` wrote; unknown where there is none. */
export function uncertaintyFrom(observation: Json): Uncertainty {
  const fields = extensionOf(observation, LOCAL_FEATURE.uncertainty);
  const of = (url: string) => fields.find((field) => field.url === url);
  const kind = of('kind')?.valueCode;
  const [low, high, sd] = ['low', 'high', 'sd'].map((url) => numberOf(of(url)?.valueDecimal));
  const method = textOf(of('method')?.valueString) ?? '';
  if (kind === 'exact') return { kind, method };
  if (kind === 'interval' && low !== undefined && high !== undefined && sd !== undefined)
    return { kind, low, high, sd, method };
  return { kind: 'unknown', reason: textOf(of('reason')?.valueString) ?? 'the file does not say' };
}

/** Run, unit, place and evidence that `factExtension` wrote. */
export function factFrom(
  observation: Json,
): Partial<Pick<Feature, 'run' | 'site' | 'level' | 'side'>> &
  Pick<Feature, 'evidence' | 'synthetic'> & { unit?: string } {
  const fields = extensionOf(observation, LOCAL_FEATURE.origin);
  const word = (url: string) => textOf(fields.find((field) => field.url === url)?.valueString);
  const side = word('side');
  const evidence = fields.flatMap(({ url, valueString }) => {
    if (url !== 'evidence' || typeof valueString !== 'string') return [];
    try {
      const way = objectOf(JSON.parse(valueString));
      const artifact = textOf(way?.artifact);
      return artifact ? [{ artifact, locator: objectOf(way?.locator) ?? {} }] : [];
    } catch {
      return [];
    }
  });
  return {
    ...defined({ run: word('run'), unit: word('unit'), site: word('site'), level: word('level') }),
    ...(side === 'left' || side === 'right' ? { side } : {}),
    evidence,
    synthetic: fields.some(({ url, valueBoolean }) => url === 'synthetic' && valueBoolean === true),
  };
}

function extensionOf(observation: Json, url: string): Json[] {
  return objectsOf(objectsOf(observation.extension).find((extension) => extension.url === url)?.extension);
}
