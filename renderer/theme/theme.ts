import { createTheme, type MantineColorsTuple } from '@mantine/core';
import classes from './controls.module.css';

const accent: MantineColorsTuple = [
  '#eceffb',
  '#cdd6f7',
  '#a3b2ee',
  '#8fa3f7',
  '#7188e0',
  '#5a73e0',
  '#4562db',
  '#3352cc',
  '#2b46b3',
  '#20263f',
];

const gray: MantineColorsTuple = [
  '#fbfbfa',
  '#f6f6f3',
  '#f1f1ee',
  '#e7e7e2',
  '#d0d0c9',
  '#a9a9a1',
  '#6b6b64',
  '#52524c',
  '#33332f',
  '#1c1c1a',
];

const dark: MantineColorsTuple = [
  '#ececE8',
  '#b6b6ae',
  '#92928a',
  '#6b6b65',
  '#40403c',
  '#2c2c2a',
  '#242423',
  '#1c1c1b',
  '#161615',
  '#111110',
];

/** White stands on 7 in light and on 6 in dark with 5:1 at least. */
const red: MantineColorsTuple = [
  '#fbeae8',
  '#f6cfcb',
  '#f2b0aa',
  '#f28c85',
  '#ee7a72',
  '#e5605a',
  '#c23a33',
  '#b92d27',
  '#9f2520',
  '#8a1f1b',
];

const input = { size: 'sm' } as const;

/**
 * Mantine as the panel wears it. Colours are variables of theme/variables.ts; sizes are here. Parts are named, not
 * imported: a page that shows none of one loads none of it.
 */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, gray, dark, red },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'Geist Mono', ui-monospace, 'SF Mono', Consolas, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '12px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Anchor: { defaultProps: { fz: 'inherit', underline: 'hover' } },
    Button: {
      defaultProps: { variant: 'default', size: 'sm' },
      classNames: { root: classes.button },
    },
    Checkbox: { defaultProps: { size: 'xs', radius: 'xs' } },
    Drawer: {
      defaultProps: { position: 'right', size: 520, padding: 0, closeButtonProps: { 'aria-label': 'Close' } },
      classNames: {
        header: classes.drawerHeader,
        title: classes.drawerTitle,
        body: classes.drawerBody,
        content: classes.drawerContent,
      },
    },
    Input: {
      defaultProps: input,
      vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '13px' } }),
    },
    InputWrapper: {
      defaultProps: { size: 'sm', inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      classNames: {
        root: classes.field,
        label: classes.label,
        description: `${classes.help} ${classes.description}`,
        error: `${classes.help} ${classes.problem}`,
      },
    },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', width: 200 } },
    Modal: {
      defaultProps: { size: 520, centered: true, radius: 'lg', closeButtonProps: { 'aria-label': 'Close' } },
      classNames: {
        content: classes.modalContent,
        header: classes.modalHeader,
        title: classes.modalTitle,
        body: classes.modalBody,
      },
    },
    NumberInput: {
      defaultProps: { ...input, hideControls: true, thousandSeparator: ',' },
    },
    PasswordInput: { defaultProps: input },
    SegmentedControl: {
      defaultProps: { size: 'xs', withItemsBorders: false, transitionDuration: 0 },
      classNames: { root: classes.segments, indicator: classes.segment, label: classes.segmentLabel },
    },
    Select: {
      defaultProps: {
        ...input,
        checkIconPosition: 'right',
        allowDeselect: false,
        nothingFoundMessage: 'Nothing found',
      },
    },
    Switch: { defaultProps: { size: 'sm', withThumbIndicator: false } },
    Tabs: { classNames: { tab: classes.tab, list: classes.tabs } },
    Textarea: { defaultProps: { ...input, autosize: true, minRows: 3 } },
    TextInput: { defaultProps: input },
    Tooltip: { defaultProps: { openDelay: 400, fz: 'xs' } },
  },
});
