/** The scenes on the screen as one picture: scale, sides, date and the research line go with it. */

import { RESEARCH_USE, type TwinView } from '../../../contract/index.ts';
import { formatDay, formatMoment } from '../../kit/number/format.ts';
import type { SceneHandles } from './scene-grid.tsx';

const FOOT = 44;

export function exportPicture(handles: SceneHandles, view: TwinView): Promise<Blob | null> {
  const { grid } = handles;
  if (!grid) return Promise.resolve(null);
  const scale = Math.max(1, Math.min(2, window.devicePixelRatio || 1));
  const box = grid.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round((box.height + FOOT) * scale);
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const ids = ['scene', 'axial', 'sagittal', 'coronal'] as const;
  const cells = [...grid.children] as HTMLElement[];
  ids.forEach((id, i) => {
    const cell = cells[i]?.getBoundingClientRect();
    if (!cell || cell.width === 0) return;
    const picture = handles[id]?.capture(scale);
    if (picture)
      context.drawImage(
        picture,
        (cell.left - box.left) * scale,
        (cell.top - box.top) * scale,
        cell.width * scale - 1,
        cell.height * scale - 1,
      );
  });
  paintFoot(context, view, box.width, box.height, scale);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function paintFoot(context: CanvasRenderingContext2D, view: TwinView, width: number, top: number, scale: number): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const taken = view.acquisitions.find(({ takenAt }) => takenAt)?.takenAt;
  const posture = view.acquisitions[0]?.posture;
  const facts = [
    view.twin.alias,
    view.twin.synthetic ? 'SYNTHETIC' : undefined,
    taken ? `taken ${formatDay(taken)}` : 'date of the source unknown',
    posture && posture !== 'unknown' ? posture : undefined,
    'right of the patient on the left of axial and coronal pictures',
  ];
  context.textBaseline = 'middle';
  context.font = '500 12.5px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  context.fillStyle = '#e7eaed';
  context.fillText(facts.filter(Boolean).join(' · '), 12, top + 14);
  context.fillStyle = '#a4adb7';
  context.fillText(`${RESEARCH_USE} · msdt · ${formatMoment(new Date().toISOString())}`, 12, top + 32, width - 24);
}
