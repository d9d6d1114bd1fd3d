/** The clinical record over any screen: what a reason of the inference engine leads to. */

import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { ErrorNote } from '../../kit/notes.tsx';
import { recordOf } from '../../state/client.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { RecordView } from '../../views/record/record-view.tsx';
import { useRecord } from '../../views/record/use-record.ts';

export function RecordSheet({ view }: { view: TwinView }) {
  const asked = useSheets((state) => state.record);
  // what was shown stays while the sheet slides away
  const [last, setLast] = useState(asked);
  if (asked && asked !== last) setLast(asked);
  const shown = asked ?? last;
  const artifact = view.artifacts.find(({ id }) => id === shown?.artifact);
  const { record, problem } = useRecord(artifact);
  return (
    <Drawer
      opened={asked !== undefined}
      onClose={() => openSheet({ record: undefined })}
      position="right"
      size={500}
      padding={0}
      title={artifact?.name ?? 'Clinical record'}
      styles={{ header: { padding: '10px 14px' }, title: { fontWeight: 600 } }}
    >
      {record ? <RecordView key={`${shown?.artifact} ${shown?.fact}`} record={record} fact={shown?.fact} /> : null}
      {problem ? <ErrorNote error={recordOf(problem)} /> : null}
    </Drawer>
  );
}
