import type { CSSVariablesResolver } from '@mantine/core';

/** Colours by role, light and dark. Components name these, never a colour. */
const COLOURS = {
  canvas: ['#fbfbfa', '#161615'],
  side: ['#f4f4f1', '#111110'],
  surface: ['#ffffff', '#1c1c1b'],
  sunken: ['#f6f6f3', '#131312'],
  hover: ['#f1f1ee', '#242423'],
  line: ['#e7e7e2', '#2c2c2a'],
  'line-strong': ['#d0d0c9', '#40403c'],
  ink: ['#1c1c1a', '#ecece8'],
  ink2: ['#52524c', '#b6b6ae'],
  ink3: ['#6b6b64', '#92928a'],
  accent: ['#3352cc', '#9db0ff'],
  fill: ['#3352cc', '#4562db'],
  soft: ['#eceffb', '#20263f'],
  ok: ['#18774a', '#62c893'],
  'ok-dot': ['#2e9f68', '#45b57d'],
  'ok-soft': ['#e6f4ec', '#17291f'],
  warn: ['#8a5a00', '#e0ae55'],
  'warn-dot': ['#d08a0b', '#d89b33'],
  'warn-soft': ['#fbf1dc', '#2c2414'],
  bad: ['#b92d27', '#f28c85'],
  'bad-dot': ['#d8433b', '#e5605a'],
  'bad-soft': ['#fbeae8', '#331c1a'],
  bar: ['#6c84e2', '#6a80df'],
  ghost: ['#8f8f87', '#85857d'],
  c1: ['#3e57c2', '#8fa3f7'],
  c2: ['#7188e0', '#6278da'],
  c3: ['#a3b2ee', '#4557a8'],
  c4: ['#cdd6f7', '#313c6e'],
  rest: ['#ddddd7', '#42423f'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** What Mantine's own components take their colours from. */
const MANTINE = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink3)',
  '--mantine-color-placeholder': 'var(--ink3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
};

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...scheme(0), ...MANTINE },
  dark: { ...scheme(1), ...MANTINE },
});

function scheme(index: 0 | 1): Record<string, string> {
  return Object.fromEntries(Object.entries(COLOURS).map(([name, pair]) => [`--${name}`, pair[index]]));
}
