/** Muscle, level and side from the names of electrodes. */

import type { SignalChannel } from '../../model/index.ts';
import { sideOf } from './words.ts';

const MUSCLES: [RegExp, string][] = [
  [/erector|longissimus|iliocostalis|\bes\b/i, 'erectorSpinae'],
  [/multifid/i, 'multifidus'],
  [/biceps[ _]?fem/i, 'bicepsFemoris'],
  [/biceps/i, 'bicepsBrachii'],
  [/triceps/i, 'tricepsBrachii'],
  [/rectus[ _]?abd/i, 'rectusAbdominis'],
  [/rectus[ _]?fem/i, 'rectusFemoris'],
  [/oblique/i, 'obliquusExternus'],
  [/vastus[ _]?lat/i, 'vastusLateralis'],
  [/vastus[ _]?med/i, 'vastusMedialis'],
  [/gastroc/i, 'gastrocnemius'],
  [/tibialis/i, 'tibialisAnterior'],
  [/soleus/i, 'soleus'],
  [/glut\w*[ _]?max/i, 'gluteusMaximus'],
  [/glut\w*[ _]?med/i, 'gluteusMedius'],
  [/trapez/i, 'trapezius'],
  [/deltoid/i, 'deltoideus'],
];

/**
 * Muscle, vertebral level and side that an electrode's name speaks of.
 * @example siteOf('Erector spinae L4 left') // { site: 'erectorSpinae', level: 'L4', side: 'left' }
 */
export function siteOf(name: string): Pick<SignalChannel, 'site' | 'level' | 'side'> {
  const spaced = name.replace(/[_.:/-]+/g, ' ');
  const site = MUSCLES.find(([pattern]) => pattern.test(spaced))?.[1];
  const level = /\b([LT])\s?(\d{1,2})\b/i.exec(spaced);
  const side = sideOf(name);
  return {
    ...(site ? { site } : {}),
    ...(level ? { level: `${level[1].toUpperCase()}${level[2]}` } : {}),
    ...(side ? { side } : {}),
  };
}
