/** The place that says what may be dropped, with buttons for those who would rather pick. */

import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import { filesOfInput } from '../../state/dropped-files.ts';
import { go, usePlace } from '../../state/place.ts';
import { useTwins } from '../../state/queries.ts';
import { takeFiles } from '../frame/drop-anywhere.tsx';
import classes from './patients.module.css';

export function DropZone({ big = false, stacked = false }: { big?: boolean; stacked?: boolean }) {
  const twin = usePlace((place) => place.twin);
  const { data: twins = [] } = useTwins();
  const demo = twins.find((one) => one.synthetic);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const list = event.currentTarget.files;
    if (list) takeFiles(filesOfInput(list), twin);
    event.currentTarget.value = '';
  };
  return (
    <div
      className={`${classes.drop} ${big ? classes.big : ''} ${stacked ? classes.stacked : ''}`}
      data-testid="drop-zone"
    >
      <IconFileImport size={big ? 40 : 28} stroke={1.4} aria-hidden="true" />
      <div>
        <strong>
          {big ? 'Drop a scan, a recording or a record to make the first twin' : 'Drop a file or a folder anywhere'}
        </strong>
        <p>
          DICOM series or zip · NIfTI, NRRD, MHA · segmentations · surfaces · C3D, TRC, BVH, XDF, Parquet, CSV · FHIR
          bundles and NDJSON
        </p>
      </div>
      <Button variant="default" onClick={() => folder.current?.click()}>
        Choose folder
      </Button>
      <Button variant="default" onClick={() => files.current?.click()}>
        Choose files
      </Button>
      {demo && !twin ? (
        <Button variant="light" onClick={() => go({ twin: demo.id, screen: 'overview', asOf: {} })}>
          Open the demo
        </Button>
      ) : null}
      <input
        ref={files}
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files"
        data-testid="files-input"
        onChange={take}
      />
      <input
        ref={folder}
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Folder"
        data-testid="folder-input"
        onChange={take}
        {...{ webkitdirectory: '' }}
      />
    </div>
  );
}
