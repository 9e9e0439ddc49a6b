import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ClientAddresses } from '../../accounts/client-addresses.ts';
import type { IpBlocks } from '../../accounts/ip-blocks.ts';
import type { Joining } from '../../accounts/joining/joining.ts';
import type { Keys } from '../../accounts/keys.ts';
import type { Members } from '../../accounts/members.ts';
import type { Plans } from '../../accounts/plans.ts';
import type { Alerts } from '../../audit/alerts.ts';
import type { Changes } from '../../audit/changes.ts';
import type { DayReport } from '../../audit/day-report.ts';
import type { LiveEvents } from '../../audit/events.ts';
import type { LastUse } from '../../audit/last-use.ts';
import type { ProviderUsage } from '../../audit/provider-usage.ts';
import type { RequestQuery } from '../../audit/request-query.ts';
import type { ToolUse } from '../../audit/tool-use.ts';
import type { UsageReport } from '../../audit/usage-report.ts';
import type { AlertWebhook } from '../../audit/webhook/alert-webhook.ts';
import type { Billing } from '../../billing/billing.ts';
import type { ListedFacts } from '../../catalogue/listed-facts.ts';
import type { PublicFactsParts } from '../../catalogue/model-facts.ts';
import type { Models } from '../../catalogue/models.ts';
import type { Presets } from '../../catalogue/presets.ts';
import type { Settings } from '../../catalogue/settings.ts';
import type { Clock } from '../../clock.ts';
import type { Pause } from '../../pipeline/pause.ts';
import type { PipelineParts } from '../../pipeline/pipeline.ts';
import type { LocalPorts } from '../../providers/local-runtimes.ts';
import type { Providers } from '../../providers/providers.ts';
import type { Upstreams } from '../../providers/upstreams.ts';
import type { Balances } from '../../quotas/balances.ts';
import type { Limits } from '../../quotas/limits.ts';
import type { UsageCounters } from '../../quotas/usage-counters.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AdminToken } from './admin-token.ts';
import type { Sessions } from './sessions.ts';
import type { SystemParts } from './system-parts.ts';

/** What the admin door needs of the gateway. */
export interface AdminParts {
  store: Pick<Store, 'db' | 'notices' | 'backupSoon' | 'backupNow' | 'restores' | 'bytes'>;
  vault: Vault;
  clock: Clock;
  settings: Settings;
  plans: Plans;
  members: Members;
  keys: Keys;
  joining: Joining;
  lastUse: LastUse;
  toolUse: ToolUse;
  blocks: IpBlocks;
  clients: ClientAddresses;
  models: Models;
  presets: Presets;
  providers: Providers;
  listed: ListedFacts;
  facts: PublicFactsParts['facts'];
  upstreams: Pick<Upstreams, 'models' | 'modelsOf' | 'changed' | 'healthOf' | 'listingOf' | 'answeredBefore'>;
  limits: Limits;
  counters: Pick<UsageCounters, 'peek'>;
  balances: Balances;
  requests: RequestQuery;
  usage: UsageReport;
  days: DayReport;
  providerUsage: ProviderUsage;
  alerts: Alerts;
  webhook: AlertWebhook;
  changes: Changes;
  events: LiveEvents;
  pause: Pause;
  billing: Billing;
  /** Tells this process from any other gateway. */
  instance: string;
  sessions: Sessions;
  /** For requests that the owner makes as one of the keys. */
  pipeline: PipelineParts;
  /** Opens the API to whoever sends it as `Authorization: Bearer`. */
  adminToken: AdminToken;
  /** Whether the owner may come from another computer by such a request. */
  ownerFromNetwork: (request: IncomingMessage) => boolean;
  version: string;
  /** What the parts run in. */
  system: SystemParts;
  /** Where local runtimes are looked for, in place of their usual ports. */
  localPorts?: LocalPorts | undefined;
  /** The process as it is now. */
  runtime(): RuntimeFacts;
}

interface RuntimeFacts {
  pid: number;
  /** Wall-clock ms. */
  startedAt: number;
  /** URLs it listens at; none where only the desktop window reaches it. */
  addresses: string[];
  runningRequests: number;
}

/** A Fastify instance whose routes are described by zod schemas. */
export type AdminApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
