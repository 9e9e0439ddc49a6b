import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import type { StripeHost } from '../../../gateway/billing/billing.ts';
import { registerAdmin } from '../../../gateway/doors/admin/admin.ts';
import { AdminToken } from '../../../gateway/doors/admin/admin-token.ts';
import type { AdminParts } from '../../../gateway/doors/admin/parts.ts';
import { Sessions } from '../../../gateway/doors/admin/sessions.ts';
import { registerSignIn } from '../../../gateway/doors/admin/sign-in.ts';
import type { SystemParts } from '../../../gateway/doors/admin/system-parts.ts';
import { ARRIVAL_LIMITS } from '../../../gateway/doors/http-door.ts';
import { FirstKey, firstStart } from '../../../gateway/first-start.ts';
import { createParts, type Parts } from '../../../gateway/parts.ts';
import { SYSTEM_NETWORK } from '../../../gateway/sharing/own-network.ts';
import { OwnerAccess } from '../../../gateway/sharing/owner/owner-access.ts';
import { Sharing } from '../../../gateway/sharing/sharing.ts';
import { openStore, type Store } from '../../../gateway/store/store.ts';
import { Tunnel } from '../../../gateway/tunnel/tunnel.ts';
import { openVault } from '../../../gateway/vault/open-vault.ts';
import type { Vault } from '../../../gateway/vault/vault.ts';
import { ManualClock } from '../../quotas/manual-clock.ts';
import { tempDir } from '../../store/support.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests
  body: any;
  text: string;
}

export interface AdminApp {
  app: FastifyInstance;
  parts: Parts;
  store: Store;
  sessions: Sessions;
  clock: ManualClock;
  dataDir: string;
  /** The owner's first key. */
  key: string;
  ticketsUsed: () => number;
  backupsAsked: () => number;
  /** By the desktop window's door, without a port. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** By any other door. */
  inject(options: InjectOptions): Promise<Answer>;
  /** Listens on loopback. @returns the origin */
  listen(): Promise<string>;
}

interface InjectOptions {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  remoteAddress?: string;
  body?: unknown;
}

export interface AdminOptions {
  /** Stands in front of the file vault. */
  vault?: (vault: Vault) => Vault;
  /** Whether the owner may come from another computer. */
  ownerFromNetwork?: boolean;
  /** Where the gateway listens; its usual address unless told. */
  addresses?: () => string[];
  /** In place of what stands in for the gateway around the parts. */
  system?: Partial<SystemParts>;
  stripe?: Partial<StripeHost>;
}

export const ADMIN_TOKEN = 'admin-token-of-the-tests';
export const HOST = '127.0.0.1:7411';

const ADDRESS = {
  ...{ url: `http://${HOST}`, host: '127.0.0.1', port: 7411, from: 'default' as const },
  bound: ['127.0.0.1'],
};

/** The admin door on a real store and the encrypted file vault, both gone after the test. */
export async function openAdmin(options: AdminOptions = {}): Promise<AdminApp> {
  const dataDir = tempDir();
  const store = await openStore({ dataDir });
  const file = await openVault({ dataDir, prefer: 'file' });
  const vault = options.vault?.(file) ?? file;
  const clock = new ManualClock(Date.now());
  const timeouts = { connectMs: 2_000, headersMs: 2_000, idleMs: 2_000 };
  const onError = (error: unknown) => {
    throw error;
  };
  const parts = createParts({
    store,
    vault,
    clock,
    timeouts,
    systemProxy: undefined,
    stripe: options.stripe,
    onError,
  });
  const made = firstStart(store, parts.members, parts.keys, clock);
  const key = made?.plaintext ?? '';
  const sessions = new Sessions(clock);
  const adminToken = new AdminToken(ADMIN_TOKEN, clock);
  const ownerFromNetwork = () => options.ownerFromNetwork ?? false;
  const sharing = new Sharing({
    ...{ kept: parts.sharing, vault, clock, log: Fastify().log, onAuthority() {} },
    view: { ...SYSTEM_NETWORK, interfaces: () => ({}) },
    openDoor: () => Promise.reject(new Error('nothing is shared here')),
  });
  let backupsAsked = 0;
  const backupSoon = () => {
    backupsAsked++;
    store.backupSoon();
  };
  const adminParts: AdminParts = {
    ...parts,
    store: { ...store, backupSoon },
    sessions,
    pipeline: {
      ...parts,
      ...{
        random: Math.random,
        keepAliveMs: 15_000,
        bodyMs: 600_000,
        onRow() {},
        onProgress() {},
      },
    },
    adminToken,
    ownerFromNetwork,
    version: '1.2.3',
    system: {
      ...{ dataDir, firstKey: new FirstKey(made, parts.keys), desktop: null, restart: null, sharing },
      access: new OwnerAccess(store.db, parts.sharing, clock),
      listening: { address: ADDRESS, move: async (_port, _from, keep) => keep() },
      onMoved() {},
      ollamaPort: { url: null, problem: null, follow: async () => undefined },
      tunnel: new Tunnel({
        ...{ clock, instance: parts.instance, arrival: ARRIVAL_LIMITS, env: {} },
        pipeline: {} as never,
        newInstance: () => Fastify(),
        onTrouble() {},
        onExpired() {},
      }),
      ...options.system,
    },
    runtime: () => ({
      pid: 4711,
      startedAt: clock.wall(),
      addresses: options.addresses?.() ?? [`http://${HOST}`],
      runningRequests: 0,
    }),
  };

  const app = Fastify({ exposeHeadRoutes: false, routerOptions: { maxParamLength: 512 } });
  await registerAdmin(app, adminParts);
  let ticketsUsed = 0;
  const { clients } = parts;
  registerSignIn(app, { sessions, adminToken, clients, onTicketUsed: () => ticketsUsed++ });
  onTestFinished(async () => {
    await app.close();
    parts.log.close();
    await parts.upstreams.close();
    await parts.billing.close();
    await store.close();
  });

  async function inject({
    method = 'GET',
    path,
    headers = {},
    remoteAddress = '127.0.0.1',
    body,
  }: InjectOptions) {
    const answer = await app.inject({
      method: method as 'GET',
      url: path,
      headers: { host: HOST, ...headers },
      remoteAddress,
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: readJson(answer.body),
      text: answer.body,
    };
  }

  return {
    ...{ app, parts, store, sessions, clock, dataDir, key, inject },
    ticketsUsed: () => ticketsUsed,
    backupsAsked: () => backupsAsked,
    call: (method, path, body) =>
      inject({ method, path: `/admin/api${path}`, remoteAddress: 'in-process', body }),
    async listen() {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
