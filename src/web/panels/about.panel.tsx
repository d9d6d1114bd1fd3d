/** Where a thing comes from: maker, version, parameters, inputs, doubts, files. */

import { Button } from '@mantine/core';
import type { WireArtifact } from '../../contract/index.ts';
import { EmptyPlace, Flag, SyntheticBadge } from '../kit/notes.tsx';
import { count, formatBytes, formatDuration, formatMoment } from '../kit/number/format.ts';
import panel from '../kit/panel.module.css';
import { definePanel, type PanelProps } from '../kit/panel.ts';

const FORMATS: readonly [string, readonly string[]][] = [
  ['mesh.', ['stl', 'ply', 'glb', 'obj']],
  ['volume.', ['nii', 'nrrd']],
  ['labelmap.', ['nii', 'nrrd']],
  ['table.', ['csv', 'json']],
  ['landmarks.', ['json']],
  ['curve.', ['json', 'csv']],
];

function AboutPanel({ view, selection, actions }: PanelProps) {
  const artifact =
    view.artifacts.find(({ id }) => id === selection.artifact) ??
    view.artifacts.find(
      ({ level, kind }) => level !== undefined && level === selection.level && kind === 'mesh.vertebra',
    );
  return artifact ? <AboutArtifact artifact={artifact} view={view} actions={actions} /> : <AboutTwin view={view} />;
}

function AboutArtifact({ artifact, view, actions }: { artifact: WireArtifact } & Pick<PanelProps, 'view' | 'actions'>) {
  const { provenance } = artifact;
  const formats = FORMATS.find(([prefix]) => artifact.kind.startsWith(prefix))?.[1] ?? [];
  const nameOf = (id: string): string => view.artifacts.find((a) => a.id === id)?.name ?? `${id.slice(0, 10)}…`;
  const facts: [string, string][] = [
    ['Kind', artifact.kind],
    ...Object.entries(artifact.summary).map(([name, value]): [string, string] => [
      name,
      typeof value === 'number' ? value.toLocaleString('en') : String(value),
    ]),
    ['Made by', `${provenance.capability} v${provenance.version}`],
    [
      'From',
      Object.entries(provenance.inputs)
        .map(([role, ids]) => `${role}: ${ids.map(nameOf).join(', ')}`)
        .join('; ') || 'files as they came',
    ],
    [
      'Parameters',
      Object.entries(provenance.params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || 'none',
    ],
    ['Made', `${formatMoment(provenance.startedAt)} in ${formatDuration(provenance.durationMs)}`],
    ['Software', provenance.software],
    ['Identity', artifact.id],
  ];
  return (
    <>
      <section className={panel.section}>
        <h2>
          {artifact.name} {artifact.synthetic ? <SyntheticBadge /> : null}
        </h2>
        <dl className={panel.facts}>
          {facts.map(([term, text]) => (
            <div key={term} style={{ display: 'contents' }}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      {artifact.quality.length > 0 ? (
        <section className={panel.section}>
          <h2>Doubts</h2>
          <div className={panel.flags}>
            {artifact.quality.map((flag) => (
              <Flag key={`${flag.code} ${flag.where ?? ''}`} flag={flag} />
            ))}
          </div>
        </section>
      ) : null}
      <section className={panel.section}>
        <h2>
          Export <small>{artifact.blobs.map(({ name, bytes }) => `${name}, ${formatBytes(bytes)}`).join(' · ')}</small>
        </h2>
        <div className={panel.row}>
          {formats.map((format) => (
            <Button key={format} variant="default" onClick={() => actions.exportArtifact(artifact.id, format)}>
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      </section>
    </>
  );
}

function AboutTwin({ view }: Pick<PanelProps, 'view'>) {
  const flags = [
    ...view.quality,
    ...view.artifacts.flatMap(({ quality }) => quality),
    ...view.acquisitions.flatMap(({ quality }) => quality),
  ];
  const seen = new Map(flags.map((flag) => [`${flag.code} ${flag.where ?? ''}`, flag]));
  return (
    <>
      <section className={panel.section}>
        <h2>
          {view.twin.alias} {view.twin.synthetic ? <SyntheticBadge /> : null}
        </h2>
        <p>
          {count(view.acquisitions.length, 'acquisition')}, {count(view.artifacts.length, 'artifact')},{' '}
          {count(view.features.length, 'number')}. Choose something in the tree to see how it was made.
        </p>
      </section>
      <section className={panel.section}>
        {seen.size === 0 ? (
          <EmptyPlace title="No doubts" />
        ) : (
          <div className={panel.flags}>
            {[...seen].map(([key, flag]) => (
              <Flag key={key} flag={flag} />
            ))}
          </div>
        )}
      </section>
    </>
  );
}

export const aboutPanel = definePanel({ id: 'about', title: 'About', kinds: [], component: AboutPanel });
