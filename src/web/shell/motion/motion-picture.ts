/** The motion screen as a picture: body, lanes with their names and values, scale, moment, recording, date and the research line. */

import { RESEARCH_USE, type TwinView } from '../../../contract/index.ts';
import type { MotionSession } from '../../kit/motion.ts';
import { formatDay, formatMoment } from '../../kit/number/format.ts';
import { useMotion } from '../../state/motion.ts';
import { axisTime } from '../../views/motion/lanes/lane-plan.ts';
import type { StageHandle } from '../../views/motion/stage/stage-view.tsx';
import { scaleBarMm, scaleBarText } from '../../views/slice/plane.ts';

const FOOT = 44;
const FONT = 'system-ui, "Segoe UI", Roboto, Lato, sans-serif';

export interface PictureOf {
  /** the box that holds body and lanes */
  split: HTMLElement;
  stage: StageHandle | null;
  view: TwinView;
  session: MotionSession | undefined;
}

/** What body and lanes show now, drawn into one canvas. */
export function motionPicture({ split, stage, view, session }: PictureOf): HTMLCanvasElement | undefined {
  const scale = Math.max(1, Math.min(2, window.devicePixelRatio || 1));
  const box = split.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round((box.height + FOOT) * scale);
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.scale(scale, scale);
  const style = getComputedStyle(split);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  context.fillStyle = token('--surface');
  context.fillRect(0, 0, box.width, box.height);
  const place = (element: Element): DOMRect => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return new DOMRect(left - box.left, top - box.top, width, height);
  };
  const room = split.querySelector('[data-testid="stage"]');
  if (room && stage) paintStage(context, stage, place(room), token);
  const lanes = split.querySelector('[data-testid="lanes"]');
  if (lanes) paintLanes(context, lanes, place, token);
  paintFoot(context, { view, session, width: box.width, top: box.height });
  return canvas;
}

type Token = (name: string) => string;

function paintStage(context: CanvasRenderingContext2D, stage: StageHandle, at: DOMRect, token: Token): void {
  const ground = context.createLinearGradient(0, at.top, 0, at.bottom);
  ground.addColorStop(0, token('--scene-top'));
  ground.addColorStop(1, token('--scene-bottom'));
  context.fillStyle = ground;
  context.fillRect(at.left, at.top, at.width, at.height);
  const shown = stage.capture();
  if (!shown) return;
  context.drawImage(shown.canvas, at.left, at.top, at.width, at.height);
  const mm = scaleBarMm(1 / shown.pixelsPerMm);
  const bar = mm * shown.pixelsPerMm;
  const [right, foot] = [at.right - 16, at.bottom - 18];
  context.fillStyle = token('--text');
  context.fillRect(right - bar, foot, bar, 2);
  context.font = `500 12px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(scaleBarText(mm), right - bar / 2, foot - 6);
}

function paintLanes(
  context: CanvasRenderingContext2D,
  lanes: Element,
  place: (element: Element) => DOMRect,
  token: Token,
): void {
  const whole = place(lanes);
  context.save();
  context.beginPath();
  context.rect(whole.left, whole.top, whole.width, whole.height);
  context.clip();
  for (const canvas of lanes.querySelectorAll('canvas')) {
    const at = place(canvas);
    if (canvas.width > 0 && at.width > 0) context.drawImage(canvas, at.left, at.top, at.width, at.height);
  }
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  const list = lanes.querySelector('section');
  const seen = list ? place(list) : whole;
  context.rect(seen.left, seen.top, seen.width, seen.height);
  context.clip();
  for (const lane of lanes.querySelectorAll('li')) {
    const at = place(lane);
    if (at.bottom < seen.top || at.top > seen.bottom) continue;
    context.fillStyle = token('--line');
    context.fillRect(at.left, at.bottom - 1, at.width, 1);
    for (const part of lane.querySelectorAll('b, small, output, i')) {
      const { left, bottom, width, height } = place(part);
      if (height === 0) continue;
      const name = part.tagName === 'B';
      context.font = `${name ? '600 12px' : '400 11px'} ${FONT}`;
      context.fillStyle = token(name || part.tagName === 'OUTPUT' ? '--text' : '--text-dim');
      context.fillText(part.textContent ?? '', left, bottom - 3, Math.max(width, 1));
    }
  }
  context.restore();
}

interface Foot {
  view: TwinView;
  session: MotionSession | undefined;
  width: number;
  top: number;
}

function paintFoot(context: CanvasRenderingContext2D, { view, session, width, top }: Foot): void {
  const { timeS, window: brush } = useMotion.getState();
  const own = new Set(session?.artifacts.map(({ acquisition }) => acquisition));
  const taken = view.acquisitions.find(({ id, takenAt }) => takenAt && own.has(id))?.takenAt;
  const facts = [
    view.twin.alias,
    view.twin.synthetic ? 'SYNTHETIC' : undefined,
    session?.title,
    taken ? `taken ${formatDay(taken)}` : 'date of the recording unknown',
    `at ${axisTime(timeS, 0.01)} s`,
    brush ? `window ${axisTime(brush[0], 0.01)} to ${axisTime(brush[1], 0.01)} s` : undefined,
  ];
  context.fillStyle = '#000';
  context.fillRect(0, top, width, FOOT);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = `500 12.5px ${FONT}`;
  context.fillStyle = '#e7eaed';
  context.fillText(facts.filter(Boolean).join(' · '), 12, top + 14, width - 24);
  context.fillStyle = '#a4adb7';
  context.fillText(`${RESEARCH_USE} · msdt · ${formatMoment(new Date().toISOString())}`, 12, top + 32, width - 24);
}
