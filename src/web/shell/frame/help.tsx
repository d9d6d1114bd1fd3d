/** All keys and all movements of the mouse, on `?`. */

import { Kbd, Modal } from '@mantine/core';
import { chordText, useAllCommands } from '../../state/commands.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import classes from './frame.module.css';

const MANNERS: Record<string, readonly (readonly [string, string])[]> = {
  'On a slice': [
    ['Grey window', 'left drag'],
    ['Zoom', 'right drag, Ctrl+wheel'],
    ['Pan', 'middle drag, Shift+drag'],
    ['Slices', 'wheel, arrow keys'],
    ['Ten slices', 'PgUp, PgDn'],
    ['Crosshair in all views', 'Shift+move, click'],
    ['This view alone, and back', 'double-click'],
    ['Soft tissue, bone, spine, lung', '1 2 3 4'],
    ['Zoom in, out', '+ −'],
    ['Reset', 'R'],
  ],
  'In the 3D scene': [
    ['Turn', 'left drag'],
    ['Zoom', 'right drag, wheel'],
    ['Pan', 'middle drag, Shift+drag'],
    ['Choose a vertebra', 'click'],
    ['Anterior, left, superior', '1 3 7'],
    ['Posterior, right, inferior', 'Shift+1 3 7'],
    ['Reset', 'R'],
  ],
  'On the lanes of motion': [
    ['Cursor', 'click'],
    ['Brush a window, move its edge', 'left drag'],
    ['Zoom in time', 'wheel, right drag, + −'],
    ['Pan in time', 'Shift+drag, middle drag, Shift+wheel'],
    ['A page on, back', 'PgDn, PgUp'],
    ['Zoom to the window, or to all', 'double-click'],
  ],
  'On the chord graph and the graph of the patient': [
    ['Next ribbon, next arc', '← →, ↑ ↓'],
    ['Along the edges, within a layer', '← →, ↑ ↓'],
    ['Open, let go', 'Enter, Esc'],
  ],
  'On a screen one touches': [
    ['Slices', 'drag up or down'],
    ['Zoom and pan', 'two fingers'],
    ['Lanes: pan, zoom, cursor', 'drag, two fingers, tap'],
    ['Crosshair', 'tap'],
  ],
};

export function Help() {
  const opened = useSheets((state) => state.help);
  return (
    <Modal opened={opened} onClose={() => openSheet({ help: false })} title="Keys and mouse" size={720}>
      {opened ? <HelpBody /> : null}
    </Modal>
  );
}

function HelpBody() {
  const commands = useAllCommands().filter((command) => command.keys);
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <div className={classes.help}>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Row key={command.id} what={command.title} how={<Kbd size="xs">{chordText(command.keys ?? '')}</Kbd>} />
              ))}
          </dl>
        </section>
      ))}
      {Object.entries(MANNERS).map(([place, rows]) => (
        <section key={place}>
          <h3>{place}</h3>
          <dl>
            {rows.map(([what, how]) => (
              <Row key={what} what={what} how={how} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Row({ what, how }: { what: string; how: React.ReactNode }) {
  return (
    <>
      <dt>{what}</dt>
      <dd>{how}</dd>
    </>
  );
}
