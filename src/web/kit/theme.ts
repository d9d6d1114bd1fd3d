/** Mantine, dressed in the tokens: small radii, calm greys, one accent. */

import {
  ActionIcon,
  Button,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  Tabs,
  Tooltip,
} from '@mantine/core';

const steel: MantineColorsTuple = [
  '#eaf4fc',
  '#d5e7f7',
  '#a9cfef',
  '#7cb8ea',
  '#56a3e2',
  '#3d93dd',
  '#2a82cd',
  '#1a71b9',
  '#0a63b0',
  '#084f8d',
];

const dark: MantineColorsTuple = [
  '#e7eaed',
  '#c6ccd3',
  '#a4adb7',
  '#8b95a0',
  '#3a424b',
  '#272c33',
  '#1b1f24',
  '#15181c',
  '#101316',
  '#0c0e10',
];

export const theme = createTheme({
  colors: { steel, dark },
  primaryColor: 'steel',
  primaryShade: { light: 8, dark: 7 },
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-code)',
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '18px' },
  fontSizes: { xs: '11.5px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontFamily: 'var(--font-text)', fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withArrow: false, offset: 6, multiline: true, maw: 320, fz: 12 },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 30 } }),
    Button: Button.extend({ defaultProps: { size: 'xs', fw: 500 } }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: 'md',
        offset: 4,
        transitionProps: { duration: 80 },
        withinPortal: true,
        // the first item is focused, not a place between items that a menu may not have
        withInitialFocusPlaceholder: false,
      },
    }),
    Modal: Modal.extend({
      defaultProps: { transitionProps: { duration: 90 }, centered: true, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
  },
});
