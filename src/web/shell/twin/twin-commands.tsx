/** Commands that every screen of a twin has. */

import { useMemo } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { call, recordOf } from '../../state/client.ts';
import { type Command, useCommands } from '../../state/commands.ts';
import { openSheet } from '../../state/overlays.ts';
import { go } from '../../state/place.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { useCatalogue } from '../../state/queries.ts';
import { startSegmentation, whyNoSegmentation } from '../../state/segment.ts';
import { toast } from '../../state/toasts.ts';

export function TwinCommands({ view }: { view: TwinView }) {
  const { data: catalogue } = useCatalogue();
  const { id } = view.twin;
  const commands = useMemo(() => {
    const build = (): void => {
      call('buildTwin', { params: { twin: id } }).then(
        () => toast('Everything that is not up to date is being made.'),
        (error: unknown) => toast('The build could not be started', { error: recordOf(error) }),
      );
    };
    const list: Command[] = [
      { id: 'build', title: 'Build what is not up to date', group: 'Twin', words: 'run plan stale', run: build },
      {
        id: 'now',
        title: 'Show the twin as of now',
        group: 'Twin',
        words: 'time history present',
        run: () => go({ asOf: {} }),
      },
      {
        id: 'tree',
        title: 'Layers',
        group: 'View',
        keys: 't',
        words: 'open close left tree',
        run: () => prefer({ treeOpen: !usePreferences.getState().treeOpen }),
      },
      {
        id: 'timeline',
        title: 'Timeline',
        group: 'View',
        keys: 'y',
        words: 'open close',
        run: () => prefer({ timelineOpen: !usePreferences.getState().timelineOpen }),
      },
    ];
    const record = view.artifacts.findLast(({ kind }) => kind === 'record.clinical');
    list.push({
      id: 'record',
      title: 'Clinical record',
      group: 'Twin',
      words: 'fhir diagnoses laboratory drugs facts',
      why: record ? undefined : 'This twin has no clinical record yet',
      run: () =>
        record
          ? openSheet({ record: { artifact: record.id, fact: undefined } })
          : toast('This twin has no clinical record yet'),
    });
    const absent = whyNoSegmentation(view, catalogue);
    list.push({
      id: 'segment',
      title: 'Label the scan with TotalSegmentator',
      group: 'Twin',
      words: 'segment vertebrae labels artificial network',
      why: absent,
      run: () => (absent ? toast(absent) : startSegmentation(id)),
    });
    for (const capability of catalogue?.capabilities ?? [])
      list.push({
        id: `run:${capability.id}`,
        title: `Run ${capability.title} …`,
        group: 'Twin',
        words: `capability parameters ${capability.id}`,
        run: () => openSheet({ run: capability.id }),
      });
    return list;
  }, [id, view, catalogue]);
  useCommands('twin', commands);
  return null;
}
