/** What stands on the stage: one button each, and what is to be known of bones that were not measured. */

import classes from './stage.module.css';

export interface StageLayer {
  id: string;
  name: string;
  /** a whole sentence, or why it cannot be shown */
  title: string;
  shown: boolean;
  possible: boolean;
  toggle(): void;
}

export interface StageLayersProps {
  layers: readonly StageLayer[];
  boneNote?: string;
}

export function StageLayers({ layers, boneNote }: StageLayersProps) {
  if (layers.length === 0) return null;
  return (
    <div className={classes.layers}>
      <div role="toolbar" aria-label="Layers of the stage">
        {layers.map(({ id, name, title, shown, possible, toggle }) => (
          <button key={id} type="button" title={title} aria-pressed={shown} disabled={!possible} onClick={toggle}>
            {name}
          </button>
        ))}
      </div>
      {boneNote ? (
        <details data-testid="bone-note">
          <summary>
            <span>Bones from supine CT, moved by measured segments, not measured themselves.</span>
            <span>Bones from CT, not measured</span>
          </summary>
          <p>Bones from supine CT, moved by measured segments, not measured themselves. {boneNote}</p>
        </details>
      ) : null}
    </div>
  );
}
