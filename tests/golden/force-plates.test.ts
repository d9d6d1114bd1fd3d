/** Ground reactions of two walking trials against OpenSim’s output, and of other vendors' plates against common sense. */

import { expect, it } from 'vitest';
import { c3d } from '../../src/formats/index.ts';
import { forcePlates, groundReactions } from '../../src/hme/force-plates/index.ts';
import type { EventList } from '../../src/model/index.ts';
import { describeWithData } from '../support/data.ts';
import { payloadOf, readData, walkingDistances } from '../support/motion/motion-data.ts';
import { outputsOf, runCapability } from '../support/read.ts';

/** OpenSim prints eight decimals; its centre of pressure divides by forces of a few newtons there */
const PRINTED = 1e-6;

describeWithData('c3d-opensim-walking', () => {
  it.each(['walking2', 'walking5'] as const)('%s: force, moment, centre of pressure, free moment', async (trial) => {
    const distances = await walkingDistances(trial);
    for (const part of ['force', 'moment', 'pressureCentre', 'freeMoment'] as const) {
      expect(distances[part].compared, part).toBeGreaterThan(500);
      expect(distances[part].onlyFirst + distances[part].onlySecond, part).toBe(0);
      expect(distances[part].largest, part).toBeLessThan(PRINTED);
    }
  });

  it('finds one step on each plate', async () => {
    const forces = payloadOf(await readData(c3d, ['c3d-opensim-walking', 'walking2.c3d']), 'signal.force');
    const result = await runCapability(forcePlates, { forces: [{ kind: 'signal.force', payload: forces }] });
    const { events } = outputsOf(result, 'contacts')[0].payload as EventList;
    expect(events).toHaveLength(2);
    for (const { timeS, endS = 0 } of events) expect(endS - timeS).toBeGreaterThan(0.4);
    const peaks = result.features.filter(({ definition }) => definition === 'ground.peakVerticalForce');
    for (const { value } of peaks) expect(value as number).toBeGreaterThan(600);
  });
});

describeWithData('c3d-vendors', () => {
  it.each([
    ['Qualisys.c3d', 806.4 + 0],
    ['BTS.c3d', 661.7],
  ])('%s: the force points up and acts on its plate', async (name, largest) => {
    const forces = payloadOf(await readData(c3d, ['c3d-vendors', name]), 'signal.force');
    const wrenches = groundReactions(forces, 50);
    const peaks = wrenches.map(({ vertical }) => vertical.reduce((most, value) => Math.max(most, value), 0));
    expect(Math.max(...peaks)).toBeGreaterThan(0.95 * largest);
    for (const { pressureCentre, frame, vertical } of wrenches) {
      const reach = Math.hypot(300, 300);
      for (let at = 0; at < vertical.length; at++) {
        if (!(vertical[at] > 200)) continue;
        const far = Math.hypot(...[0, 1, 2].map((axis) => pressureCentre[3 * at + axis] - frame.centre[axis]));
        expect(far).toBeLessThan(reach);
      }
    }
  });
});
