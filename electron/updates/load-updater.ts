import type { AppUpdater } from 'electron-updater';

/**
 * electron-updater's part for this installation. It goes by the file `package-type`, which electron-builder may leave
 * in an AppImage too when it makes both from one folder; APPIMAGE is there in an AppImage alone.
 */
export async function loadUpdater(): Promise<AppUpdater> {
  const { AppImageUpdater, autoUpdater } = (await import('electron-updater')).default;
  return process.env.APPIMAGE ? new AppImageUpdater() : autoUpdater;
}
