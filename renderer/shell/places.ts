import {
  IconChartBar,
  IconCube,
  IconHome,
  IconKey,
  IconListDetails,
  IconMessage,
  IconPlugConnected,
  IconServer2,
  IconSettings,
  IconShield,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Place {
  path: string;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** After `g`. */
  key: string;
  /** Heading in the sidebar it stands under. */
  group?: string;
}

/** Where one can go, in the sidebar's order. */
export const PLACES: readonly Place[] = [
  { path: '/', label: 'Home', icon: IconHome, key: 'h' },
  { path: '/connect', label: 'Connect', icon: IconPlugConnected, key: 'c' },
  { path: '/playground', label: 'Playground', icon: IconMessage, key: 'y' },
  { path: '/providers', label: 'Providers', icon: IconServer2, key: 'p', group: 'Gateway' },
  { path: '/models', label: 'Models', icon: IconCube, key: 'o', group: 'Gateway' },
  { path: '/members', label: 'Members', icon: IconUsers, key: 'm', group: 'People' },
  { path: '/keys', label: 'Keys', icon: IconKey, key: 'k', group: 'People' },
  { path: '/usage', label: 'Usage', icon: IconChartBar, key: 'u', group: 'Activity' },
  { path: '/audit', label: 'Audit', icon: IconListDetails, key: 'a', group: 'Activity' },
  { path: '/security', label: 'Security', icon: IconShield, key: 's', group: 'Activity' },
];

export const SETTINGS: Place = { path: '/settings', label: 'Settings', icon: IconSettings, key: ',' };
