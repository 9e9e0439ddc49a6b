import type { MenuItemConstructorOptions, WebContents } from 'electron';
import type { ElectronParts } from './electron-parts.ts';

/** Right click: Electron's pages have no menu of their own. */
export function addContextMenus({ app, Menu }: Pick<ElectronParts, 'app' | 'Menu'>): void {
  app.on('web-contents-created', (_event, contents) => addContextMenu(contents, Menu));
}

function addContextMenu(contents: WebContents, Menu: ElectronParts['Menu']): void {
  contents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
    const items: MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'paste', enabled: editFlags.canPaste },
          { type: 'separator' },
          { role: 'selectAll' },
        ]
      : selectionText.trim() === ''
        ? []
        : [{ role: 'copy' }];
    if (items.length > 0) Menu.buildFromTemplate(items).popup();
  });
}
