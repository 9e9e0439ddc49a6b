/** `node --import …/register.ts dist/electron/main.js` runs the app on the stand-in for Electron. */
import { registerHooks } from 'node:module';
import { readSettings } from './settings.ts';

const STAND_IN = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: STAND_IN, shortCircuit: true } : next(specifier, context),
});

// By these libraries and the gateway know Electron.
Object.defineProperty(process.versions, 'electron', { value: '45.4.1' });
Object.defineProperty(process, 'type', { value: 'browser' });
Object.defineProperty(process, 'resourcesPath', { value: readSettings().resources ?? import.meta.dirname });
