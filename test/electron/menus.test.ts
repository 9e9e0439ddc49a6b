import { EventEmitter } from 'node:events';
import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { setAppMenu } from '../../electron/app-menu.ts';
import { addContextMenus } from '../../electron/context-menu.ts';
import type { ElectronParts } from '../../electron/electron-parts.ts';

type Items = MenuItemConstructorOptions[];

/** Electron's app and menus, as far as these need them. */
function parts(isPackaged: boolean) {
  const shown = { menu: [] as Items, popup: null as Items | null };
  const Menu = {
    buildFromTemplate: (items: Items) => ({
      items,
      popup: () => {
        shown.popup = items;
      },
    }),
    setApplicationMenu: ({ items }: { items: Items }) => {
      shown.menu = items;
    },
  };
  const app = Object.assign(new EventEmitter(), { isPackaged });
  return { shown, app, parts: { app, Menu } as unknown as Pick<ElectronParts, 'app' | 'Menu'> };
}

const roles = (items: Items): unknown[] =>
  items.flatMap(({ role, submenu }) => [
    ...(role === undefined ? [] : [role]),
    ...roles((submenu as Items) ?? []),
  ]);

test('the menu has the keys that people expect; the developer tools are for who runs from sources', () => {
  const packed = parts(true);
  setAppMenu(packed.parts, () => undefined);
  expect(roles(packed.shown.menu)).toEqual(
    expect.arrayContaining(['editMenu', 'zoomIn', 'zoomOut', 'resetZoom', 'reload']),
  );
  expect(roles(packed.shown.menu)).not.toContain('toggleDevTools');
  const sources = parts(false);
  setAppMenu(sources.parts, () => undefined);
  expect(roles(sources.shown.menu)).toContain('toggleDevTools');
});

test.each([
  ['a field', { isEditable: true, selectionText: '' }, ['cut', 'copy', 'paste', 'selectAll']],
  ['selected text', { isEditable: false, selectionText: 'ntl_live_x' }, ['copy']],
  ['blanks that are selected', { isEditable: false, selectionText: '  ' }, null],
  ['anything else', { isEditable: false, selectionText: '' }, null],
])('a right click on %s', (_case, params, expected) => {
  const { shown, app, parts: given } = parts(true);
  addContextMenus(given);
  const contents = new EventEmitter();
  app.emit('web-contents-created', {}, contents);
  const editFlags = { canCut: true, canCopy: true, canPaste: true };
  contents.emit('context-menu', {}, { ...params, editFlags } as ContextMenuParams);
  expect(shown.popup === null ? null : roles(shown.popup)).toEqual(expected);
});
