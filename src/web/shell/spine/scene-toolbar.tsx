/** The tools above the scenes: layout, grey window, labels, measuring, export. */

import { Button, Menu, SegmentedControl, Slider } from '@mantine/core';
import {
  IconAngle,
  IconChartLine,
  IconColumns3,
  IconCrosshair,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconLayoutSidebarRightCollapse,
  IconRefresh,
  IconRuler2,
  IconStack2,
  IconSunElectricity,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import type { MeasureTool } from '../../kit/panel.ts';
import { type Layout, prefer, usePreferences } from '../../state/preferences.ts';
import { changeLayer, type SceneId, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { TOOL_HINTS, TOOL_NAMES } from '../../views/measure/measure-geometry.ts';
import { chosenVolume, volumesOf } from '../../views/slice/chosen-volume.ts';
import { CT_PRESETS } from '../../views/slice/window.ts';
import { shownLabels } from './scene-data.ts';
import classes from './scene-grid.module.css';

export const TOOLS: readonly { tool: MeasureTool; key: string; icon: ReactNode }[] = [
  { tool: 'distance', key: 'D', icon: <IconRuler2 size={18} /> },
  { tool: 'angle', key: 'A', icon: <IconAngle size={18} /> },
  { tool: 'cobb', key: 'C', icon: <IconChartLine size={18} /> },
];

const LAYOUTS: readonly { value: Layout; name: string; icon: ReactNode }[] = [
  { value: 'quad', name: 'Four scenes', icon: <IconLayoutGrid size={15} aria-label="Four scenes" /> },
  { value: 'scene', name: '3D and slices', icon: <IconLayoutSidebarRight size={15} aria-label="3D and slices" /> },
  { value: 'slices', name: 'Three slices', icon: <IconColumns3 size={15} aria-label="Three slices" /> },
];

export interface SceneToolbarProps {
  view: TwinView;
  narrow: boolean;
  scene: SceneId;
  onScene(scene: SceneId): void;
  onReset(): void;
  exportMenu: ReactNode;
}

export function SceneToolbar({ view, narrow, scene, onScene, onReset, exportMenu }: SceneToolbarProps) {
  const layout = usePreferences((state) => state.layout);
  const panelOpen = usePreferences((state) => state.panelOpen);
  const tool = useWorkspace((state) => state.tool);
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Scenes">
      {narrow ? (
        <SegmentedControl
          size="xs"
          aria-label="Scene"
          value={scene}
          onChange={(value) => onScene(value as SceneId)}
          data={[
            { value: 'scene', label: '3D' },
            { value: 'sagittal', label: 'Sag' },
            { value: 'coronal', label: 'Cor' },
            { value: 'axial', label: 'Ax' },
          ]}
        />
      ) : (
        <SegmentedControl
          size="xs"
          aria-label="Layout"
          value={layout}
          onChange={(value) => prefer({ layout: value as Layout })}
          data={LAYOUTS.map(({ value, icon }) => ({ value, label: icon }))}
        />
      )}
      <hr />
      {TOOLS.map(({ tool: one, key, icon }) => (
        <IconAction
          key={one}
          name={TOOL_NAMES[one]}
          keys={key}
          pressed={tool === one}
          onClick={() => setWorkspace({ tool: tool === one ? undefined : one })}
        >
          {icon}
        </IconAction>
      ))}
      <hr />
      <WindowMenu view={view} />
      <LabelsMenu view={view} />
      <IconAction name="Reset all views" keys="R" onClick={onReset}>
        <IconRefresh size={17} />
      </IconAction>
      {tool && !narrow ? <span className={classes.hint}>{TOOL_HINTS[tool]} Esc ends.</span> : null}
      <span className={classes.spring} />
      <VolumeMenu view={view} />
      {exportMenu}
      {narrow ? null : (
        <IconAction
          name={panelOpen ? 'Close panel' : 'Open panel'}
          keys="P"
          onClick={() => prefer({ panelOpen: !panelOpen })}
        >
          <IconLayoutSidebarRightCollapse size={18} style={panelOpen ? undefined : { transform: 'scaleX(-1)' }} />
        </IconAction>
      )}
    </div>
  );
}

function WindowMenu({ view }: { view: TwinView }) {
  const chosen = useWorkspace((state) => state.volume);
  const window = useWorkspace((state) => state.window);
  const ct = chosenVolume(view, chosen)?.kind === 'volume.ct';
  if (!ct) return null;
  return (
    <Menu width={210}>
      <Menu.Target>
        <IconAction name="Grey window">
          <IconSunElectricity size={18} />
        </IconAction>
      </Menu.Target>
      <Menu.Dropdown>
        {CT_PRESETS.map(({ name, key, window: preset }) => (
          <Menu.Item
            key={name}
            fw={window?.width === preset.width && window.level === preset.level ? 600 : 400}
            rightSection={
              <small style={{ color: 'var(--text-dim)' }}>{`${preset.width} / ${preset.level}  ${key}`}</small>
            }
            onClick={() => setWorkspace({ window: preset })}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function LabelsMenu({ view }: { view: TwinView }) {
  const layers = useWorkspace((state) => state.layers);
  const crosshairShown = useWorkspace((state) => state.crosshairShown);
  const outline = usePreferences((state) => state.labelsOutline);
  const shown = shownLabels(view, layers);
  const maps = view.artifacts.filter(({ kind }) => kind.startsWith('labelmap.'));
  const main = shown?.artifact ?? maps[0];
  return (
    <Menu width={230} closeOnItemClick={false}>
      <Menu.Target>
        <IconAction name="Labels in slices">
          <IconStack2 size={18} />
        </IconAction>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={!main}
          onClick={() => main && changeLayer(main.id, { visible: !shown })}
          rightSection={shown ? 'on' : 'off'}
        >
          Labels
        </Menu.Item>
        <Menu.Item
          disabled={!shown}
          onClick={() => prefer({ labelsOutline: !outline })}
          rightSection={outline ? 'on' : 'off'}
        >
          Outlines
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCrosshair size={15} />}
          onClick={() => setWorkspace({ crosshairShown: !crosshairShown })}
          rightSection={crosshairShown ? 'on' : 'off'}
        >
          Crosshair in 3D
        </Menu.Item>
        {shown ? (
          <>
            <Menu.Label>Opacity</Menu.Label>
            <Slider
              mx={12}
              mb={10}
              size="sm"
              thumbLabel="Opacity of labels"
              min={0}
              max={100}
              step={5}
              value={Math.round(100 * shown.layer.opacity)}
              label={(value) => `${value} %`}
              onChange={(value) => changeLayer(shown.artifact.id, { opacity: value / 100 })}
            />
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function VolumeMenu({ view }: { view: TwinView }) {
  const id = useWorkspace((state) => state.volume);
  const volumes = volumesOf(view);
  const chosen = chosenVolume(view, id);
  if (volumes.length < 2 || !chosen) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm">
          {chosen.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {volumes.map((volume) => (
          <Menu.Item
            key={volume.id}
            fw={volume.id === chosen.id ? 600 : 400}
            onClick={() => setWorkspace({ volume: volume.id, window: undefined })}
          >
            {volume.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
