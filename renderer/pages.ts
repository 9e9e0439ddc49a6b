import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** Each page is a file of its own, loaded when it is first opened. */
const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

/** By path; parameters are read by the page itself. */
export const PAGES: readonly (readonly [path: string, component: LazyExoticComponent<ComponentType>])[] = [
  ['/', page(() => import('./pages/home/home-page.tsx'), 'HomePage')],
  ['/connect/:tool?', page(() => import('./pages/connect/connect-page.tsx'), 'ConnectPage')],
  ['/playground', page(() => import('./pages/playground/playground-page.tsx'), 'PlaygroundPage')],
  ['/providers/:id?', page(() => import('./pages/providers/providers-page.tsx'), 'ProvidersPage')],
  ['/models/:id?', page(() => import('./pages/models/models-page.tsx'), 'ModelsPage')],
  ['/members', page(() => import('./pages/members/members-page.tsx'), 'MembersPage')],
  ['/members/plans/:id?', page(() => import('./pages/plans/plans-page.tsx'), 'PlansPage')],
  ['/members/:id', page(() => import('./pages/member/member-page.tsx'), 'MemberPage')],
  ['/keys', page(() => import('./pages/keys/keys-page.tsx'), 'KeysPage')],
  ['/usage', page(() => import('./pages/usage/usage-page.tsx'), 'UsagePage')],
  ['/audit/:id?', page(() => import('./pages/audit/audit-page.tsx'), 'AuditPage')],
  ['/security', page(() => import('./pages/security/security-page.tsx'), 'SecurityPage')],
  ['/settings', page(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage')],
];
