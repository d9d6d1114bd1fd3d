/** Weights of the challenger; written by `node scripts/train-challenger.ts`, the same as weights/surgery-gcn/weights.json. */

import type { NetworkGains } from './network.ts';

export const SURGERY_GCN: { id: string; version: number; gains: NetworkGains } = {
  id: 'surgery-gcn',
  version: 1,
  gains: {
    intercept: 0.05651778818022276,
    gain: {
      person: 0.9918473348510873,
      'pain-disability': 1.6665396277816895,
      stenosis: 1.5426686128336307,
      herniation: 1.313680969683551,
      instability: 0.909553567898499,
      degeneration: 0.9223740164651361,
      alignment: 1.0686486976539737,
      muscle: 1.035647706131131,
      movement: 0.9731912013681239,
      bone: 1,
      inflammation: 1,
      care: 1.3704487413051474,
    },
    activation: 'saturating',
    limit: 0.3,
  },
};
