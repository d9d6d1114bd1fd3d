/** Our side of the row of inertial sensors: the samples that the peer wrote into `$PEER_DATA`. `bench/run.ts` runs both. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImuSamples, madgwick2010, VQF_BASIC, vqf2023Offline, vqf2023Online } from '../src/kernel/index.ts';
import { measure } from './measure.ts';

const DATA = process.env.PEER_DATA ?? '/tmp/peers_data';
const RATE_HZ = 285.714;

const file = readFileSync(join(DATA, 'imu_999k.f64'));
const all = new Float64Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const third = all.length / 3;
const samples = {
  rateHz: RATE_HZ,
  gyr: all.subarray(0, third),
  acc: all.subarray(third, 2 * third),
  mag: all.subarray(2 * third),
} satisfies ImuSamples;
const n = third / 3;
const few = { runs: 5, warm: 2 };
const perSample = () => ({ samples: n });

await measure('msdt', '999k-9D-online', n, () => vqf2023Online(samples), { ...few, after: perSample });
await measure('msdt', '999k-6D-online', n, () => vqf2023Online({ ...samples, mag: undefined }), few);
await measure('msdt', '999k-9D-basic', n, () => vqf2023Online(samples, VQF_BASIC), few);
await measure('msdt', '999k-9D-offline', n, () => vqf2023Offline(samples), { ...few, runs: 3 });
await measure('msdt-madgwick2010', '999k-9D-online', n, () => madgwick2010(samples), few);
