import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { requestExtent } from '../../audit/request-extent.ts';
import { ECHO_MODEL } from '../../catalogue/models.ts';
import { DEFAULT_PORT } from '../../listening.ts';
import { logFiles, readLog } from '../../log-reader.ts';
import { PROVIDERS } from '../../providers/catalogue.ts';
import { PROVIDER_KINDS } from '../../providers/provider-kinds.ts';
import { plainLine, wordOrNull } from './diagnostics-log.ts';
import type { AdminParts } from './parts.ts';
import { ProviderStates } from './provider-states.ts';
import { scrubber } from './scrub.ts';
import { isoTime } from './values.ts';

const LOG_LINES = 300;
/** Requests whose outcomes are counted: read in about a millisecond. */
const LATEST_REQUESTS = 1_000;

/** Only whether they are set is told. */
const VARIABLES = [
  ...['NTL_DATA_DIR', 'NTL_HOST', 'NTL_PORT', 'NTL_LOG_LEVEL', 'NTL_VAULT', 'NTL_VAULT_PASSPHRASE'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'],
];

/**
 * What helps somebody else find out what is wrong. It is put together from what is listed here, so that what is
 * added elsewhere does not get in by itself: no credential, key, prompt, name, or address. Every text is searched
 * for such things once more.
 */
export function diagnosticsReport(parts: AdminParts): () => Promise<string> {
  const { store, settings, system, vault, clock } = parts;
  const extent = requestExtent(store.db);
  const states = new ProviderStates(parts);
  const outcomes = outcomeCounts(parts);

  const program = () => {
    const { startedAt, runningRequests } = parts.runtime();
    return {
      version: parts.version,
      node: process.versions.node,
      electron: process.versions.electron ?? null,
      startedAt: isoTime(startedAt),
      desktop: system.desktop !== null,
      paused: parts.pause.paused,
      runningRequests,
      residentBytes: process.memoryUsage.rss(),
      variables: VARIABLES.filter((name) => (process.env[name] ?? '') !== ''),
    };
  };
  const computer = () => ({
    ...{ platform: platform(), release: release(), arch: arch(), processors: cpus().length },
    ...{ memoryBytes: totalmem(), freeMemoryBytes: freemem() },
  });
  const listening = () => {
    const address = system.listening.address;
    return {
      portFrom: address?.from ?? null,
      usualPort: address?.port === DEFAULT_PORT,
      thisComputerOnly: address?.bound.every((host) => host === '127.0.0.1' || host === '::1') ?? true,
    };
  };
  const database = () => {
    const { rows, oldestAt } = extent();
    const backups = store.restores.list();
    return {
      bytes: store.bytes(),
      schema: Number(store.db.pragma('user_version', { simple: true })),
      requestRows: rows,
      oldestRequestAt: oldestAt === null ? null : isoTime(oldestAt),
      backups: backups.map(({ at, bytes, replaced }) => ({ at: isoTime(at), bytes, replaced })),
      restoring: store.restores.staged() !== null,
    };
  };
  const counts = () => ({
    members: parts.members.list().length,
    keys: parts.keys.list().length,
    plans: parts.plans.list().length,
    models: parts.models.list().length,
    limits: parts.limits.list().length,
    unseenAlerts: parts.alerts.list({
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      limit: 1,
      offset: 0,
      unseenOnly: true,
    }).total,
  });
  const providers = () =>
    parts.providers.list().map((provider) => ({
      kind: provider.kind,
      enabled: provider.enabled,
      credential: provider.credentialStored,
      proxy: provider.proxy !== null,
      headers: Object.keys(provider.headers).length,
      certificates: provider.ca !== null,
      models: states.modelCount(provider.id),
      state: withoutMessage(states.of(provider)),
    }));
  const log = async () => {
    const entries = await readLog(await logFiles(system.dataDir), { from: 0, limit: LOG_LINES });
    return entries.map(plainLine);
  };

  return async () => {
    const report = {
      at: isoTime(clock.wall()),
      program: program(),
      computer: computer(),
      listening: listening(),
      vault: vault.kind,
      settings: {
        retentionDays: settings.get('retention_days'),
        metrics: settings.get('metrics'),
        defaultModel: settings.get('default_model') !== null,
        port: settings.get('port') !== null,
      },
      database: database(),
      counts: counts(),
      notices: store.notices.map(({ kind, at }) => ({ kind, at: isoTime(at) })),
      providers: providers(),
      latestRequests: outcomes(),
      log: await log(),
    };
    const scrub = scrubber(ownWords(parts), system.dataDir);
    const clean = (_name: string, value: unknown) => (typeof value === 'string' ? scrub(value) : value);
    return `${JSON.stringify(report, clean, 2)}\n`;
  };
}

/** What the owner has named, or typed as an address. */
function ownWords({ members, keys, plans, models, providers }: AdminParts): string[] {
  return [
    ...members.list().flatMap(({ name, email }) => [name, ...(email === null ? [] : [email])]),
    ...keys.list().flatMap(({ name, prefix }) => [name, prefix]),
    ...plans.list().map(({ name }) => name),
    ...models.list().map(({ id }) => id),
    ...providers.list().flatMap(({ name, baseUrl }) => [name, baseUrl, hostOf(baseUrl)]),
  ].filter((word) => !OUR_WORDS.has(word.toLowerCase()));
}

/** Names that we gave, or that are everybody's. */
const OUR_WORDS = new Set(
  [
    ...['', 'owner', 'first key', 'free', 'pro', 'enterprise', ECHO_MODEL],
    ...PROVIDER_KINDS.flatMap((kind) => [kind, PROVIDERS[kind].label]),
  ].map((word) => word.toLowerCase()),
);

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

/** A provider's words may quote anything. */
function withoutMessage<State extends { message: unknown }>({ message: _, ...rest }: State) {
  return rest;
}

/** How the latest requests ended: a status and a code of ours, and how many. */
function outcomeCounts({ store }: AdminParts) {
  const read = store.db.prepare<[number], { status: number; code: string | null; requests: number }>(
    `SELECT status, (SELECT text FROM names WHERE names.id = code) AS code, count(*) AS requests
     FROM (SELECT status, code FROM requests ORDER BY id DESC LIMIT ?) GROUP BY 1, 2 ORDER BY 3 DESC`,
  );
  return () => read.all(LATEST_REQUESTS).map((row) => ({ ...row, code: wordOrNull(row.code) }));
}
