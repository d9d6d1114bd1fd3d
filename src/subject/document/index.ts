import type { Modality } from '../../runtime/index.ts';

/** Free documents: reports and settings that came with the data. */
export const document: Modality = {
  id: 'document',
  title: 'Document',
  scales: ['meso'],
  kinds: ['document', 'graph.patient'],
  accepts: 'JSON, patient graphs as GraphML or JSON-LD',
};
