/** Commands of the inference screen. */

import { useMemo } from 'react';
import { type Command, useCommands } from '../../state/commands.ts';
import { type InferenceTab, setInferenceView, useInferenceView } from './view-state.ts';

export function useInferenceCommands(): void {
  const commands = useMemo((): Command[] => {
    const tab = (id: InferenceTab, title: string, keys: string, words: string): Command => ({
      ...{ id: `inference:${id}`, title, group: 'Inference', keys, words },
      run: () => setInferenceView({ tab: id }),
    });
    return [
      tab('patient', 'Risk, drivers and suggestions', '1', 'chord ribbons patient'),
      tab('graph', 'Graph of the patient', '2', 'explorer nodes'),
      tab('time', 'Risk over time', '3', 'assessments history'),
      tab('cohort', 'Cohort and calibration', '4', 'decision curve evaluate'),
      tab('model', 'Model of this site', '5', 'versions drift update roll back outcomes follow-up'),
      {
        ...{ id: 'inference:newest', title: 'Read the newest assessment', group: 'Inference', words: 'now back' },
        run: () => setInferenceView({ number: undefined }),
      },
      {
        ...{ id: 'inference:back', title: 'Choose nothing', group: 'Inference', keys: 'escape' },
        run: stepBack,
      },
    ];
  }, []);
  useCommands('inference', commands);
}

/** Escape takes back one thing at a time: the open feature, the chosen node, the older assessment. */
function stepBack(): void {
  const { feature, node, number } = useInferenceView.getState();
  if (feature) setInferenceView({ feature: undefined });
  else if (node) setInferenceView({ node: undefined });
  else if (number !== undefined) setInferenceView({ number: undefined });
}
