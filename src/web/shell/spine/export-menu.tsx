/** What can leave: tables, surfaces, a picture, a link. */

import { Button, Menu } from '@mantine/core';
import { IconBox, IconDownload, IconLink, IconPhoto, IconTable } from '@tabler/icons-react';
import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import type { PanelActions } from '../../kit/panel.ts';
import { useWorkspace } from '../../state/workspace.ts';

const SURFACE_FORMATS = ['stl', 'ply', 'glb'] as const;
export const TABLE_FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['parquet', 'Parquet'],
  ['json', 'JSON'],
] as const;
const LISTED = 40;

export interface ExportMenuProps {
  view: TwinView;
  actions: PanelActions;
  onPicture(): void;
  onLink(): void;
}

export function ExportMenu({ view, actions, onPicture, onLink }: ExportMenuProps) {
  const meshes = view.artifacts.filter(({ kind }) => kind.startsWith('mesh.'));
  const selection = useWorkspace((state) => state.selection);
  const chosen =
    meshes.find(({ id }) => id === selection.artifact) ??
    meshes.find(({ level }) => level !== undefined && level === selection.level) ??
    meshes.find(({ kind }) => kind === 'mesh.skin') ??
    meshes[0];
  return (
    <Menu width={260} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconDownload size={15} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflow: 'auto' }}>
        <Menu.Label>Tables</Menu.Label>
        {TABLE_FORMATS.map(([format, name]) => (
          <Menu.Item
            key={format}
            leftSection={<IconTable size={15} />}
            disabled={view.features.length === 0}
            onClick={() => actions.exportFeatures(format)}
          >
            Features as {name}
          </Menu.Item>
        ))}
        <Menu.Label>Surface{chosen ? ` of ${chosen.name}` : 's'}</Menu.Label>
        {SURFACE_FORMATS.map((format) => (
          <Menu.Item
            key={format}
            leftSection={<IconBox size={15} />}
            disabled={!chosen}
            onClick={() => chosen && actions.exportArtifact(chosen.id, format)}
          >
            {chosen?.name ?? 'Surface'} as {format.toUpperCase()}
          </Menu.Item>
        ))}
        {meshes.length > 1 ? <OtherSurfaces meshes={meshes} actions={actions} /> : null}
        <Menu.Label>This view</Menu.Label>
        <Menu.Item leftSection={<IconPhoto size={15} />} onClick={onPicture}>
          Picture as PNG
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={15} />} onClick={onLink}>
          Copy link to this view
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function OtherSurfaces({ meshes, actions }: { meshes: readonly WireArtifact[]; actions: PanelActions }) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<IconBox size={15} />}>Another surface</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown mah="60vh" style={{ overflow: 'auto' }}>
        {meshes.slice(0, LISTED).flatMap((mesh) =>
          SURFACE_FORMATS.map((format) => (
            <Menu.Item key={`${mesh.id}${format}`} onClick={() => actions.exportArtifact(mesh.id, format)}>
              {mesh.name} as {format.toUpperCase()}
            </Menu.Item>
          )),
        )}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
