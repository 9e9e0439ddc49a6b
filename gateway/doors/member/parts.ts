import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Plans } from '../../accounts/plans.ts';
import type { Changes } from '../../audit/changes.ts';
import type { LastUse } from '../../audit/last-use.ts';
import type { UsageReport } from '../../audit/usage-report.ts';
import type { Billing } from '../../billing/billing.ts';
import type { Models } from '../../catalogue/models.ts';
import type { Settings } from '../../catalogue/settings.ts';
import type { IdentifyParts } from '../../pipeline/identify.ts';
import type { RunningCalls } from '../../pipeline/running-calls.ts';
import type { Providers } from '../../providers/providers.ts';
import type { Balances } from '../../quotas/balances.ts';
import type { Limits } from '../../quotas/limits.ts';
import type { UsageCounters } from '../../quotas/usage-counters.ts';
import type { Store } from '../../store/store.ts';

/** What the member API needs of the gateway. */
export interface MemberParts extends IdentifyParts {
  store: Pick<Store, 'backupSoon'>;
  plans: Plans;
  models: Models;
  providers: Providers;
  settings: Settings;
  limits: Limits;
  counters: Pick<UsageCounters, 'peek'>;
  balances: Balances;
  usage: UsageReport;
  lastUse: LastUse;
  changes: Changes;
  billing: Pick<Billing, 'opening' | 'account' | 'paidUntil'>;
  calls: RunningCalls;
}

/** A Fastify instance whose routes are described by zod schemas. */
export type MemberApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
