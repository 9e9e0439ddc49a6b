import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import packageJson from '../package.json' with { type: 'json' };
import { tidyJoining } from './accounts/joining/tidy-joining.ts';
import type { LiveEvents } from './audit/events.ts';
import type { StripeHost } from './billing/billing.ts';
import { startFollowing } from './billing/following.ts';
import { listingRefresh } from './catalogue/listing-refresh.ts';
import { systemClock } from './clock.ts';
import type { DesktopAdapter } from './desktop-adapter.ts';
import { AdminToken } from './doors/admin/admin-token.ts';
import { mayBeOwnerAbroad } from './doors/admin/network-owner.ts';
import { Sessions } from './doors/admin/sessions.ts';
import { ARRIVAL_LIMITS, type ArrivalLimits } from './doors/http-door.ts';
import { OllamaPort } from './doors/ollama/own-port.ts';
import { FirstKey, firstStart } from './first-start.ts';
import { listenUrls } from './listen-urls.ts';
import { DEFAULT_HOST, DEFAULT_PORT, type ListenAddress, Listening, type PortSource } from './listening.ts';
import { type GatewayLog, LateLog, type LogLevel, openLog } from './log.ts';
import { startMaintenance } from './maintenance.ts';
import { createParts, type Parts } from './parts.ts';
import type { PipelineParts } from './pipeline/pipeline.ts';
import type { SystemProxy } from './providers/dispatcher.ts';
import { DEFAULT_TIMEOUTS, type UpstreamTimeouts } from './providers/http-upstream.ts';
import type { LocalPorts } from './providers/local-runtimes.ts';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { buildServer, newInstance } from './server.ts';
import { type NetworkView, SYSTEM_NETWORK } from './sharing/own-network.ts';
import type { PasswordCost } from './sharing/owner/password.ts';
import { Sharing } from './sharing/sharing.ts';
import { openStore, type Store, type StoreNotice } from './store/store.ts';
import { asOpenError } from './store/store-errors.ts';
import { Tunnel } from './tunnel/tunnel.ts';
import { openVault } from './vault/open-vault.ts';
import type { Vault } from './vault/vault.ts';

export { DEFAULT_HOST, type ListenAddress, ListenError } from './listening.ts';
export { StoreError } from './store/store.ts';

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
  /** How long requests may take to arrive; a minute for the head and ten for the body unless told. */
  arrival?: ArrivalLimits;
  /** How long a shutdown waits for running requests; 30 s unless told. */
  drainMs?: number;
  /** The desktop's way to the system's proxy; without it the environment's variables are followed. */
  systemProxy?: SystemProxy;
  /** Where local runtimes are looked for, in place of their usual ports. */
  localPorts?: LocalPorts;
  /** Where Stripe answers, and how long it is waited for; its own address unless told. */
  stripe?: Partial<StripeHost>;
  /** Work of hashing the owner's password; OWASP's unless told. */
  passwordCost?: PasswordCost;
  /** What sharing sees of the computer's network; the system's own unless told. */
  network?: Partial<NetworkView>;
  /** Where tools for a tunnel are looked for, and what they are given of; the process's environment unless told. */
  toolEnvironment?: NodeJS.ProcessEnv;
  /** The desktop app around the gateway; headless there is none. */
  desktop?: DesktopAdapter;
  /**
   * Starts the gateway again in this process: stop, create, listen at the same port. Offered by hosts that can;
   * a restore then takes hold at once. It is called when the answer to whoever asked is on its way.
   */
  restart?: () => void;
  /** Those of the gateway before, at a restart in one process: browsers then stay signed in. */
  sessions?: Sessions;
}

export interface Gateway {
  /** The Fastify instance: the desktop window speaks to it without a port, by `inject`. */
  readonly app: FastifyInstance;
  readonly vault: Vault;
  /** What the owner must be told about this start, such as a restored database. */
  readonly notices: readonly StoreNotice[];
  /** What does not work as the owner has set it, though the gateway runs. */
  readonly troubles: readonly string[];
  /** The key made at the very first start, shown this once; null later. */
  readonly firstKey: string | null;
  /** Browsers that are signed in. */
  readonly sessions: Sessions;
  /** What happens, for the shell around the gateway. */
  readonly events: Pick<LiveEvents, 'subscribe'>;
  /** Where it takes requests now: the owner may move it to another port. Null before `listen`. */
  readonly address: ListenAddress | null;
  /**
   * Takes requests from now on.
   * @param port of a flag or a variable; without one the owner's setting counts, else 7411. 0 takes a free one
   * @param from what decided on a given port, at a restart
   * @returns the address, such as `http://127.0.0.1:7411`
   * @throws ListenError
   */
  listen(host?: string, port?: number, from?: PortSource): Promise<string>;
  /** To be called when the computer has slept: what time and the network have done meanwhile is looked after. */
  wake(): void;
  /**
   * Refuses new requests, waits for running ones, then ends. A second call waits for the first.
   * @param options.atOnce cuts running requests off, also where a first call waits for them
   */
  stop(options?: { atOnce?: boolean }): Promise<void>;
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
  log.info({ version: packageJson.version, pid: process.pid }, 'the gateway starts');
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
    stripe: options.stripe,
    onError: (error) => log.error({ err: error }, 'an alert could not be written'),
  });
  for (const { kind, message, backup } of store.notices) {
    log[kind === 'backup_restored' ? 'warn' : 'error']({ kind }, message);
    // What the owner did before stands in the log of the database that was put aside.
    if (kind === 'backup_restored')
      parts.changes.record({
        ...{ actor: 'start', action: 'backup.restored', subject: `backup:${backup}`, after: { backup } },
      });
  }
  const firstKey = firstStart(store, parts.members, parts.keys, clock);
  const { restart = null, desktop = null, dataDir } = options;

  let draining = false;
  const listening = new Listening(() => app, options.arrival);
  const adminToken = AdminToken.random();
  const signIn = {
    sessions: options.sessions ?? new Sessions(clock),
    adminToken: new AdminToken(adminToken, clock),
    ownerFromNetwork: (request: IncomingMessage) => mayBeOwnerAbroad(request, sharing),
    clients: parts.clients,
  };
  const sharing = new Sharing({
    ...{ kept: parts.sharing, vault, clock, log },
    view: { ...SYSTEM_NETWORK, ...options.network },
    openDoor: (...place) => listening.openForNetwork(...place),
    onAuthority: () =>
      parts.changes.record({ actor: 'gateway', action: 'sharing.authority', subject: 'sharing' }),
  });
  const startedAt = clock.wall();
  let tunnel: Tunnel | undefined;
  /** Only the admin API opens it, so it is made with that. */
  function tunnelFor(pipeline: PipelineParts): Tunnel {
    tunnel ??= new Tunnel({
      ...{ pipeline: { ...pipeline, plans: parts.plans }, clock, instance: parts.instance },
      newInstance: () => newInstance({ log, draining: () => draining, ownerFromNetwork: () => false }, []),
      arrival: options.arrival ?? ARRIVAL_LIMITS,
      env: options.toolEnvironment ?? process.env,
      onTrouble: (message) => parts.alerts.tunnel(message),
      onExpired() {
        parts.changes.record({ actor: 'gateway', action: 'tunnel.expire', subject: 'tunnel' });
        parts.alerts.tunnel(
          'The tunnel was closed: its time was over. Open it again where it is still needed.',
        );
      },
    });
    return tunnel;
  }
  const { app, pipeline } = await buildServer({
    parts,
    log,
    draining: () => draining,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    bodyMs: (options.arrival ?? ARRIVAL_LIMITS).bodyMs,
    panelDir: options.panelDir ?? null,
    version: packageJson.version,
    sharing,
    ownerFromNetwork: signIn.ownerFromNetwork,
    async registerAdmin(door, pipeline) {
      const { registerAdmin } = await import('./doors/admin/admin.ts');
      const { registerSignIn } = await import('./doors/admin/sign-in.ts');
      const { registerNetworkSignIn } = await import('./doors/admin/network-sign-in.ts');
      const { OwnerAccess } = await import('./sharing/owner/owner-access.ts');
      const access = new OwnerAccess(store.db, parts.sharing, clock, options.passwordCost);
      const description = await registerAdmin(door, {
        ...parts,
        pipeline,
        ...signIn,
        system: {
          ...{ dataDir, restart, desktop, firstKey: new FirstKey(firstKey, parts.keys) },
          ...{ listening, onMoved, sharing, access, tunnel: tunnelFor(pipeline), ollamaPort },
        },
        version: packageJson.version,
        localPorts: options.localPorts,
        runtime: () => ({
          pid: process.pid,
          startedAt,
          addresses: listenUrls(listening.address),
          runningRequests: parts.calls.count,
        }),
      });
      registerSignIn(door, { ...signIn, onTicketUsed: writeRuntime });
      registerNetworkSignIn(door, { ...signIn, access, changes: parts.changes, clock });
      return description;
    },
  });
  const ollamaPort: OllamaPort = new OllamaPort({
    ...{ settings: parts.settings, log, open: (...place) => listening.openBeside(...place) },
    async build() {
      const { buildOllamaServer } = await import('./doors/ollama/own-server.ts');
      const own = { log, draining: () => draining, ownerFromNetwork: () => false, isOllamaCall: () => true };
      return buildOllamaServer({ ...pipeline, plans: parts.plans }, () => newInstance(own, []));
    },
  });
  const maintenance = startMaintenance({
    rollUp: parts.rollUp,
    log,
    tidy: tidyJobs(parts),
    refreshListings: listingRefresh(parts),
  });

  const following = startFollowing(parts.billing, log);

  function writeRuntime(): void {
    if (listening.address === null) return;
    const { url } = listening.address;
    const panelUrl = `${url}/panel/signin?ticket=${signIn.sessions.ticket()}`;
    writeRuntimeFile(dataDir, { pid: process.pid, url, adminToken, panelUrl });
  }

  /** The move stands, also where a full disk keeps `ntl` from hearing of it. */
  function onMoved(): void {
    log.info({ url: listening.address?.url }, 'the gateway takes requests at another port');
    try {
      writeRuntime();
    } catch (error) {
      log.error({ err: error }, 'runtime.json could not be written: it names the old port');
    }
  }

  async function end(): Promise<void> {
    draining = true;
    parts.events.emit({ type: 'state', data: { state: 'draining' } });
    const drainMs = options.drainMs ?? 30_000;
    const deadline = setTimeout(() => parts.calls.stop(), drainMs);
    // Whoever sends the rest of a body no more, or reads an answer no more, does not notice that.
    const last = setTimeout(() => listening.closeAllConnections(), drainMs + LAST_WORD_MS);
    const unshared = sharing.close();
    await parts.calls.idle();
    const tunnelClosed = tunnel?.close();
    clearTimeout(deadline);
    clearTimeout(last);
    parts.calls.stop();
    removeRuntimeFile(dataDir);
    log.info('the gateway ends');
    const closed = Promise.all([app.close(), listening.close()]);
    listening.closeAllConnections();
    await closed;
    await unshared;
    await ollamaPort.close();
    await tunnelClosed;
    await Promise.all([maintenance.stop(), parts.billing.close(), parts.webhook.close(), following.stop()]);
    parts.log.close();
    await parts.upstreams.close();
    await lastBackup();
    await store.close();
    await closeLog();
  }
  /** What waits to be told still is, then connections are closed. */
  function cutOff(): void {
    parts.calls.stop();
    setTimeout(() => listening.closeAllConnections(), LAST_WORD_MS).unref();
  }

  /** What was set just before the end, or in a first short run, is in no other backup. */
  async function lastBackup(): Promise<void> {
    // The next start makes a backup of the whole database, where it takes another.
    try {
      if (store.backupOwed() && store.restores.staged() === null) await store.backupNow();
    } catch (error) {
      log.error({ err: error }, 'the last backup failed');
    }
  }
  let ended: Promise<void> | undefined;

  return {
    app,
    vault,
    notices: store.notices,
    get troubles() {
      return ollamaPort.problem === null ? [] : [`Ollama’s own port is not open. ${ollamaPort.problem}`];
    },
    firstKey: firstKey?.plaintext ?? null,
    sessions: signIn.sessions,
    events: parts.events,
    get address() {
      return listening.address;
    },
    async listen(host = DEFAULT_HOST, port, from = 'flag') {
      const kept = parts.settings.get('port');
      if (port !== undefined) await listening.start(host, port, from);
      else await listening.start(host, kept ?? DEFAULT_PORT, kept === null ? 'default' : 'setting');
      writeRuntime();
      const { url } = listening.address as ListenAddress;
      log.info({ url }, 'the gateway takes requests');
      await ollamaPort.follow();
      void sharing.start();
      return url;
    },
    wake() {
      parts.upstreams.reconnect();
      maintenance.wake();
      following.wake();
      void sharing.wake();
    },
    stop({ atOnce = false } = {}) {
      ended ??= end();
      if (atOnce) cutOff();
      return ended;
    },
  };
}

function tidyJobs(parts: Parts): (() => void)[] {
  return [
    () => parts.counters.forgetIdle(),
    () => parts.alerts.check(),
    () => parts.blocks.sweep(parts.clock.wall()),
    () => tidyJoining(parts),
  ];
}
