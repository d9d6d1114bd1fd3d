import type { Modality } from '../../runtime/index.ts';

/** Tables of landmarks or measurements. */
export const table: Modality = {
  id: 'table',
  title: 'Table',
  scales: ['meso'],
  kinds: ['table.landmarks2d', 'table.record'],
  accepts: 'CSV, JSON',
};
