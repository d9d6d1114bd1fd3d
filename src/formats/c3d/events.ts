/** Events of a C3D document: those of the group EVENT, else those of the header. */

import type { EventList, MotionEvent } from '../../model/index.ts';
import { allNumbersOf, allTextsOf, type C3dDocument, countOf, findParameter } from './document.ts';

/**
 * Reads the events, in order of time; undefined when there are none.
 * @param clock - name of the recording's clock
 */
export function readEvents(document: C3dDocument, clock: string): EventList | undefined {
  const used = countOf(findParameter(document, 'EVENT', 'USED')) ?? 0;
  const times = allNumbersOf(document, 'EVENT', 'TIMES');
  const labels = allTextsOf(document, 'EVENT', 'LABELS');
  const contexts = allTextsOf(document, 'EVENT', 'CONTEXTS');
  const count = Math.min(used, Math.floor(times.length / 2));
  const events: MotionEvent[] = [];
  for (let index = 0; index < count; index++) {
    // minutes and seconds
    const timeS = times[2 * index] * 60 + times[2 * index + 1];
    const label = labels[index] || `event ${index + 1}`;
    const side = sideOf(contexts[index] ?? '', label);
    if (Number.isFinite(timeS)) events.push({ label, timeS, ...(side && { side }) });
  }
  if (events.length === 0)
    for (const { timeS, label } of document.header.events) {
      const side = sideOf('', label);
      if (Number.isFinite(timeS)) events.push({ label: label || 'event', timeS, ...(side && { side }) });
    }
  if (events.length === 0) return undefined;
  return { clock, events: events.sort((a, b) => a.timeS - b.timeS) };
}

/** The context says the side; without one, gait events such as LHS and RTO do. */
function sideOf(context: string, label: string): MotionEvent['side'] {
  if (/^left/i.test(context)) return 'left';
  if (/^right/i.test(context)) return 'right';
  const gait = /^([LR])(HS|TO|FS|FO|IC|ON|OFF|STR|STRIKE)$/i.exec(label.trim());
  if (gait) return gait[1].toUpperCase() === 'L' ? 'left' : 'right';
  return undefined;
}
