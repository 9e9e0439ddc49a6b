import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import packageJson from '../package.json' with { type: 'json' };
import { listingRefresh } from './catalogue/listing-refresh.ts';
import { systemClock } from './clock.ts';
import type { DesktopAdapter } from './desktop-adapter.ts';
import { registerAdmin } from './doors/admin/admin.ts';
import { Sessions } from './doors/admin/sessions.ts';
import { registerSignIn } from './doors/admin/sign-in.ts';
import { firstStart } from './first-start.ts';
import { type GatewayLog, LateLog, type LogLevel, openLog } from './log.ts';
import { startMaintenance } from './maintenance.ts';
import { createParts, type Parts } from './parts.ts';
import type { SystemProxy } from './providers/dispatcher.ts';
import { DEFAULT_TIMEOUTS, type UpstreamTimeouts } from './providers/http-upstream.ts';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { buildServer } from './server.ts';
import { openStore, type Store, type StoreNotice } from './store/store.ts';
import { asOpenError } from './store/store-errors.ts';
import { openVault } from './vault/open-vault.ts';
import type { Vault } from './vault/vault.ts';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 7411;

/** For the error events of what a shutdown cuts off; then connections are closed. */
const LAST_WORD_MS = 500;

export interface GatewayOptions {
  dataDir: string;
  /** For the encrypted file; without one, and without an OS keychain, credentials are kept under a key file. */
  vaultPassphrase?: string | undefined;
  /** `auto` takes the keychain where there is one. */
  vault?: 'auto' | 'keychain' | 'file';
  logLevel?: LogLevel;
  /** Folder of the built panel. */
  panelDir?: string | null;
  timeouts?: Partial<UpstreamTimeouts>;
  /** Silence towards a streaming client that is bridged; 15 s unless told. */
  keepAliveMs?: number;
  /** How long a shutdown waits for running requests; 30 s unless told. */
  drainMs?: number;
  /** The desktop's way to the system's proxy; without it the environment's variables are followed. */
  systemProxy?: SystemProxy;
  /** The desktop app around the gateway; headless there is none. */
  desktop?: DesktopAdapter;
  /**
   * Starts the gateway again in this process: stop, create, listen at the same port. Offered by hosts that can;
   * a restore then takes hold at once. It is called when the answer to whoever asked is on its way.
   */
  restart?: () => void;
}

export interface Gateway {
  /** The Fastify instance: the desktop window speaks to it without a port, by `inject`. */
  readonly app: FastifyInstance;
  readonly vault: Vault;
  /** What the owner must be told about this start, such as a restored database. */
  readonly notices: readonly StoreNotice[];
  /** The key made at the very first start, shown this once; null later. */
  readonly firstKey: string | null;
  /**
   * Takes requests from now on.
   * @returns the address, such as `http://127.0.0.1:7411`
   * @throws ListenError
   */
  listen(host?: string, port?: number): Promise<string>;
  /** Refuses new requests, waits for running ones, then ends. A second call waits for the first. */
  stop(): Promise<void>;
}

/** The address cannot be had. `message` says what to do. */
export class ListenError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
    this.code = code;
  }
}

/**
 * Opens everything on a data folder. Nothing listens yet.
 * @throws StoreError when the folder cannot be used: not writable, in use, or of a newer version
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { dataDir, logLevel = 'info' } = options;
  const storeLog = new LateLog();
  const store = await openStore({ dataDir, log: storeLog });
  let log: GatewayLog | undefined;
  try {
    log = await openLog(dataDir, logLevel);
    storeLog.to = log.log;
    return await assemble(options, store, log);
  } catch (error) {
    await log?.close();
    await store.close();
    throw asOpenError(error, dataDir);
  }
}

async function assemble(
  options: GatewayOptions,
  store: Store,
  { log, close: closeLog }: GatewayLog,
): Promise<Gateway> {
  const clock = systemClock();
  const vault = await openVault({
    dataDir: options.dataDir,
    ...(options.vaultPassphrase === undefined ? {} : { passphrase: options.vaultPassphrase }),
    prefer: options.vault ?? 'auto',
    log,
  });
  const parts = createParts({
    store,
    vault,
    clock,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    systemProxy: options.systemProxy,
    onError: (error) => log.error({ err: error }, 'an alert could not be written'),
  });
  for (const notice of store.notices) log.error({ kind: notice.kind }, notice.message);
  const firstKey = firstStart(store, parts.members, parts.keys, clock);

  const stopping = new AbortController();
  let draining = false;
  let url: string | null = null;
  const adminToken = randomBytes(32).toString('base64url');
  const sessions = new Sessions(() => clock.steady());
  const startedAt = clock.wall();
  const app = await buildServer({
    parts,
    log,
    draining: () => draining,
    stopping: stopping.signal,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    panelDir: options.panelDir ?? null,
    async registerAdmin(door, pipeline) {
      await registerAdmin(door, {
        ...parts,
        pipeline,
        sessions,
        adminToken,
        allowRemoteAdmin: false,
        version: packageJson.version,
        runtime: () => ({
          pid: process.pid,
          startedAt,
          addresses: url === null ? [] : [url],
          runningRequests: parts.calls.count,
        }),
      });
      registerSignIn(door, sessions, { allowRemoteAdmin: false, onTicketUsed: () => writeRuntime() });
    },
  });
  const maintenance = startMaintenance({
    rollUp: parts.rollUp,
    log,
    tidy: tidyJobs(parts),
    refreshListings: listingRefresh(parts),
  });

  function writeRuntime(): void {
    if (url === null) return;
    const panelUrl = `${url}/panel/signin?ticket=${sessions.ticket()}`;
    writeRuntimeFile(options.dataDir, { pid: process.pid, url, adminToken, panelUrl });
  }

  async function end(): Promise<void> {
    draining = true;
    parts.events.emit({ type: 'state', data: { state: 'draining' } });
    const drainMs = options.drainMs ?? 30_000;
    const deadline = setTimeout(() => stopping.abort(), drainMs);
    // Whoever sends the rest of a body no more, or reads an answer no more, does not notice that.
    const last = setTimeout(() => app.server.closeAllConnections(), drainMs + LAST_WORD_MS);
    await parts.calls.idle();
    clearTimeout(deadline);
    clearTimeout(last);
    stopping.abort();
    removeRuntimeFile(options.dataDir);
    const closed = app.close();
    app.server.closeAllConnections();
    await closed;
    await maintenance.stop();
    parts.log.close();
    await parts.upstreams.close();
    await lastBackup();
    await store.close();
    await closeLog();
  }
  /** What was set just before the end, or in a first short run, is in no other backup. */
  async function lastBackup(): Promise<void> {
    if (!store.backupOwed()) return;
    await store.backupNow().catch((error) => log.error({ err: error }, 'the last backup failed'));
  }
  let ended: Promise<void> | undefined;

  return {
    app,
    vault,
    notices: store.notices,
    firstKey,
    async listen(host = DEFAULT_HOST, port = DEFAULT_PORT) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw asListenError(error, host, port);
      }
      url = addressOf(app, host);
      writeRuntime();
      return url;
    },
    stop() {
      ended ??= end();
      return ended;
    },
  };
}

function tidyJobs(parts: Parts): (() => void)[] {
  return [
    () => parts.counters.forgetIdle(),
    () => parts.alerts.check(),
    () => parts.blocks.sweep(parts.clock.wall()),
  ];
}

/** A wildcard address is reached over loopback. */
function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function asListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const other = 'choose another with --port (or NTL_PORT); --port 0 takes a free one';
  const words: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. End that program, or ${other}.`,
    EACCES:
      `The system does not let this program listen on port ${port}: it is reserved. Ports under 1024 need more rights; ` +
      `on Windows, Hyper-V may have reserved it (netsh interface ipv4 show excludedportrange tcp). Please ${other}.`,
    EADDRNOTAVAIL: `This machine has no address ${host}; choose one of its own with --host.`,
    ENOTFOUND: `The host ${host} is unknown; give an address of this machine with --host.`,
  };
  const message = words[code];
  return message === undefined ? error : new ListenError(code, message, { cause: error });
}
