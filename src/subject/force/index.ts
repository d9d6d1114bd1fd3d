import type { Modality } from '../../runtime/index.ts';

/** Forces: plates in the floor and force cells. */
export const force: Modality = {
  id: 'force',
  title: 'Force',
  scales: ['macro'],
  kinds: ['signal.force'],
  accepts: 'ANC, MOT, STO',
};
