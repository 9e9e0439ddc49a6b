import { join } from 'node:path';
import { app, BrowserWindow, clipboard, dialog, Menu, nativeTheme, protocol, session, Tray } from 'electron';
import { startDesktop } from './desktop.ts';

const electron = { app, BrowserWindow, clipboard, dialog, Menu, nativeTheme, protocol, session, Tray };

// Not awaited: Electron is ready only once this module has run to its end.
void startDesktop(electron, {
  panelDir: join(import.meta.dirname, '../panel'),
  assetsDir: join(import.meta.dirname, 'assets'),
});
