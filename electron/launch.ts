/** `npm start`: opens the desktop app; where there can be no window, says why and starts the gateway without it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildIfStale, DESKTOP, PANEL } from './launch/build-if-stale.ts';
import { electronBinary } from './launch/electron-binary.ts';
import { type LaunchFlags, readFlags } from './launch/flags.ts';
import { whyNoWindow } from './launch/window-possible.ts';

const root = join(import.meta.dirname, '..');

await launch(readFlags(process.argv.slice(2)));

async function launch(flags: LaunchFlags): Promise<void> {
  const { platform, env: environment } = process;
  const uid = process.getuid?.();
  const reason = whyNoWindow({ platform, environment, uid, sandbox: flags.sandbox });
  if (reason !== null) return startHeadless(reason, flags);
  const electron = await electronBinary(say);
  if (electron === null) return startHeadless('Electron is not installed and could not be fetched', flags);
  const built = (await buildIfStale(root, PANEL)) && (await buildIfStale(root, DESKTOP));
  if (!built) return startHeadless('The desktop app could not be built', flags);
  await startDesktop(electron, flags);
}

async function startHeadless(reason: string, flags: LaunchFlags): Promise<void> {
  say(`${reason}: starting without the window.`);
  // Loaded here: with a window the gateway runs in Electron, not in this process.
  const { explain } = await import('../gateway/cli/failures.ts');
  try {
    const { readServeOptions } = await import('../gateway/cli/serve-options.ts');
    const { serve } = await import('../gateway/cli/serve.ts');
    if (!(await buildIfStale(root, PANEL)))
      say('The control panel could not be built; everything else works.');
    await serve(readServeOptions(flags));
  } catch (error) {
    const { message, exitCode } = explain(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}

/** Resolves with the app's end. Flags go on as variables: Chromium would take some of them for its own. */
async function startDesktop(electron: string, flags: LaunchFlags): Promise<void> {
  const environment = {
    ...process.env,
    ...(flags.dataDir === undefined ? {} : { NTL_DATA_DIR: flags.dataDir }),
    ...(flags.host === undefined ? {} : { NTL_HOST: flags.host }),
    ...(flags.port === undefined ? {} : { NTL_PORT: flags.port }),
  };
  const args = [root, ...(flags.hidden ? ['--hidden'] : []), ...(flags.sandbox ? [] : ['--no-sandbox'])];
  const app = spawn(electron, args, { env: environment, stdio: 'inherit' });
  // The terminal sends Ctrl-C to the app itself, and a second one would end it before it has drained.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => app.kill('SIGTERM'));
  try {
    const [code] = await once(app, 'exit');
    process.exitCode = code ?? 1;
  } catch {
    await startHeadless('Electron is installed but does not start', flags);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
