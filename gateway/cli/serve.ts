import closeWithGrace from 'close-with-grace';
import { isLoopbackAddress } from '../accounts/addresses.ts';
import type { Gateway } from '../gateway.ts';
import { readRuntimeFile } from '../runtime-file.ts';
import { type Vault, VaultError } from '../vault/vault.ts';
import { firstKeyText, type Panel, type Reach, restartText, startText } from './banner.ts';
import { explain } from './failures.ts';
import { HostedGateway } from './hosted-gateway.ts';
import type { ServeOptions } from './serve-options.ts';

/** The gateway itself waits 30 s for running requests; this only ends a shutdown that hangs. */
const GRACE_MS = 35_000;

/** npm passes Ctrl-C on to a program that has got it from the terminal already: two signals, one key press. */
const SAME_KEY_PRESS_MS = 500;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the gateway headless, until a signal ends it. Resolves once it listens; the process then ends with 0
 * after a clean stop.
 * @throws StoreError, ListenError, VaultError, each with a message for the owner (`explain` in failures.ts)
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { dataDir, host, port, ...settings } = options;
  const hosted = await HostedGateway.open({ dataDir, ...settings }, { restarted: tellRestart, failed });
  const { gateway } = hosted;
  const url = await listen(gateway, host, port);
  stopOnSignal(hosted);
  process.stdout.write(
    startText({
      url,
      dataDir,
      protection: gateway.vault.protection,
      notices: toldAtStart(gateway),
      firstKey: gateway.firstKey,
      panel: panelOf(options),
      reach: reachOf(gateway.address?.bound ?? []),
    }),
  );
}

function tellRestart(gateway: Gateway): void {
  process.stdout.write(restartText({ url: gateway.address?.url ?? '', notices: toldAtStart(gateway) }));
}

function toldAtStart({ notices, troubles }: Gateway): { message: string }[] {
  return [...notices, ...troubles.map((message) => ({ message }))];
}

/** What is left is a process without a gateway: whoever looks after it may start it anew. */
function failed(error: unknown): void {
  const { message, exitCode } = explain(error);
  process.stderr.write(`The gateway could not start again. ${message}\n`);
  process.exit(exitCode);
}

async function listen(gateway: Gateway, host: string, port: number | undefined): Promise<string> {
  try {
    await checkPassphrase(gateway.vault);
    return await gateway.listen(host, port);
  } catch (error) {
    // It was made just now and is asked for by nobody again: without this line it would be lost.
    if (gateway.firstKey !== null) process.stdout.write(`${firstKeyText(gateway.firstKey)}\n`);
    await gateway.stop();
    throw error;
  }
}

/**
 * The vault opens with the first credential that is asked for. Whoever sets the passphrase stands here now, and
 * nobody reads the terminal later. What else may be wrong leaves local models usable: it is told call by call.
 */
async function checkPassphrase(vault: Vault): Promise<void> {
  if (vault.kind !== 'file-passphrase') return;
  try {
    await vault.get('provider:0');
  } catch (error) {
    if (error instanceof VaultError && error.reason === 'wrong_passphrase') throw error;
  }
}

/** The link is a secret: it goes to a terminal alone. */
function panelOf({ panelDir, dataDir }: ServeOptions): Panel {
  if (panelDir === null) return 'not built';
  const signIn = process.stdout.isTTY ? readRuntimeFile(dataDir)?.panelUrl : undefined;
  return signIn === undefined ? 'built' : { signIn };
}

function reachOf(addresses: readonly string[]): Reach {
  if (addresses.every(isLoopbackAddress)) return 'loopback';
  const everywhere = addresses.some((address) => address === '0.0.0.0' || address === '::');
  return everywhere || addresses.some(isLoopbackAddress) ? 'network' : 'network-only';
}

/** How often a gateway started by npm looks whether npm is still there. */
const PARENT_LOOK_MS = 500;

/** Read before anything is waited for: npm may be told to end while the gateway still starts. */
const STARTED_BY = process.ppid;

function stopOnSignal(hosted: HostedGateway): void {
  // A terminal or a pipe that is gone takes no more text; the gateway goes on. Short commands end there.
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error').on('error', () => undefined);
  }

  const grace = closeWithGrace(
    {
      delay: GRACE_MS,
      logger: false,
      skip: [...STOP_SIGNALS],
      onTimeout: () => process.stderr.write('The shutdown took too long; ended.\n'),
    },
    async ({ err }) => {
      if (err !== undefined) {
        hosted.gateway.app.log.fatal({ err }, 'an unexpected error ends the gateway');
        process.stderr.write('An unexpected error ends the gateway; the log in the data folder names it.\n');
      }
      await hosted.stop();
    },
  );

  let askedAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (askedAt === undefined) {
      askedAt = now;
      process.stdout.write(
        'Stopping. Running requests may finish (30 s at most); Ctrl-C again ends at once.\n',
      );
      grace.close();
    } else if (now - askedAt > SAME_KEY_PRESS_MS) {
      process.stderr.write('Ended at once.\n');
      process.exit(1);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  whenParentEnds(() => {
    if (askedAt === undefined) onSignal();
  });
}

/**
 * npm that is told to end takes its script's shell along and passes the signal to nobody else, which would
 * leave the gateway behind, unseen and holding its port.
 */
function whenParentEnds(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  setInterval(() => {
    if (process.ppid !== STARTED_BY) stop();
  }, PARENT_LOOK_MS).unref();
}
