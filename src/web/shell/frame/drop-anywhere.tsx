/** Files may be dropped anywhere: on a twin they join it, elsewhere they begin a new one. */

import { useEffect, useState } from 'react';
import { filesOfDrop, type GivenFile } from '../../state/dropped-files.ts';
import { usePlace } from '../../state/place.ts';
import { toast } from '../../state/toasts.ts';
import { giveFiles, offerMapping } from '../mapping/mapping-state.ts';
import classes from './frame.module.css';

/** Takes files in: into the twin on the screen, or into one that is about to be made. */
export function takeFiles(files: GivenFile[], twin: string | undefined): void {
  if (files.length === 0) {
    toast('There was no file in what you dropped.');
    return;
  }
  // tables that say nothing of themselves are asked about first
  void offerMapping(files, twin).then((asked) => {
    if (!asked) giveFiles(files, twin);
  });
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

export function DropAnywhere() {
  const twin = usePlace((place) => place.twin);
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const overPage = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      filesOfDrop(event.dataTransfer).then(
        (files) => takeFiles(files, twin),
        (error: unknown) => toast(`The browser could not read what you dropped: ${String(error)}`),
      );
    };
    const on = [
      ['dragenter', enter],
      ['dragleave', leave],
      ['dragover', overPage],
      ['drop', drop],
    ] as const;
    for (const [type, act] of on) window.addEventListener(type, act);
    return () => {
      for (const [type, act] of on) window.removeEventListener(type, act);
    };
  }, [twin]);
  if (!over) return null;
  return (
    <div className={classes.dropVeil}>
      <div />
      {twin ? 'Drop to add to this twin' : 'Drop to begin a new twin'}
      <p>DICOM folder or zip, NIfTI, NRRD, MHA, segmentations, STL, PLY, OBJ, GLB, VTP</p>
    </div>
  );
}
