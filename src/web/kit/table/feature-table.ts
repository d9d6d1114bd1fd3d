/** Features as one table, a row a number. */

import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { type Table, tableFromRows } from '../../../model/index.ts';

const ABOUT: NonNullable<Parameters<typeof tableFromRows>[1]> = {
  id: { definition: 'definition, site, level, side, task and window, which together name the number' },
  value: { definition: 'the number or class, in the unit of its row; empty where it could not be measured' },
  missing: { definition: 'why there is no value' },
  low: { definition: 'lower end of the 90 % interval' },
  high: { definition: 'upper end of the 90 % interval' },
  sd: { definition: 'standard deviation of the value' },
  uncertainty: { definition: 'how the interval was found, or why there is none' },
  start: { unit: 's', definition: 'start of the window it describes, on the clock of its recording' },
  end: { unit: 's', definition: 'end of the window' },
  quality: { definition: '0 (worthless) to 1' },
};

export function featureTable(
  features: readonly WireFeature[],
  definitions: ReadonlyMap<string, WireFeatureDefinition>,
): Table {
  const rows = features.map((feature) => {
    const { uncertainty, window } = feature;
    const definition = definitions.get(feature.definition);
    const interval = uncertainty.kind === 'interval' ? uncertainty : undefined;
    return {
      id: feature.id,
      name: definition?.name ?? feature.definition,
      value: feature.value,
      unit: feature.unit,
      missing: feature.missing,
      low: interval?.low,
      high: interval?.high,
      sd: interval?.sd,
      uncertainty: uncertainty.kind === 'unknown' ? uncertainty.reason : uncertainty.method,
      level: feature.level,
      side: feature.side,
      site: feature.site,
      task: feature.task,
      window: window?.label,
      start: window?.startS,
      end: window?.endS,
      posture: feature.posture,
      true_of: feature.validAt,
      known_at: feature.knownAt,
      quality: feature.quality,
      method: feature.method,
      capability: `${feature.capability} ${feature.version}`,
      definition: definition?.definition,
      source: definition?.source,
      synthetic: feature.synthetic,
    };
  });
  return tableFromRows(rows, ABOUT);
}
