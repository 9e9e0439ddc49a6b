import { randomUUID } from 'node:crypto';
import { ClientAddresses } from './accounts/client-addresses.ts';
import { IpBlocks } from './accounts/ip-blocks.ts';
import { Joining } from './accounts/joining/joining.ts';
import { Keys } from './accounts/keys.ts';
import { Members } from './accounts/members.ts';
import { Plans } from './accounts/plans.ts';
import { Alerts } from './audit/alerts.ts';
import { answeredBefore } from './audit/answered-before.ts';
import { Changes } from './audit/changes.ts';
import { DayReport } from './audit/day-report.ts';
import { LiveEvents } from './audit/events.ts';
import { LastUse } from './audit/last-use.ts';
import { Names } from './audit/names.ts';
import { ProviderUsage } from './audit/provider-usage.ts';
import { ProviderWatch } from './audit/provider-watch.ts';
import { RequestLog } from './audit/request-log.ts';
import { RequestQuery } from './audit/request-query.ts';
import { RollUp } from './audit/roll-up.ts';
import { ToolUse } from './audit/tool-use.ts';
import { UsageReport } from './audit/usage-report.ts';
import { AlertWebhook } from './audit/webhook/alert-webhook.ts';
import { windowHistory } from './audit/window-history.ts';
import { Billing, type StripeHost } from './billing/billing.ts';
import { ListedFacts } from './catalogue/listed-facts.ts';
import { type FactsProvider, factsFor } from './catalogue/model-facts.ts';
import { type Model, Models, type ModelTarget } from './catalogue/models.ts';
import { Presets } from './catalogue/presets.ts';
import { Settings } from './catalogue/settings.ts';
import type { Clock } from './clock.ts';
import { BodyRoom } from './pipeline/body-room.ts';
import { Pause } from './pipeline/pause.ts';
import { RunningCalls } from './pipeline/running-calls.ts';
import { chargeInterrupted } from './pipeline/settle-balance.ts';
import type { SystemProxy } from './providers/dispatcher.ts';
import type { UpstreamTimeouts } from './providers/http-upstream.ts';
import { Providers } from './providers/providers.ts';
import { Upstreams } from './providers/upstreams.ts';
import { Balances } from './quotas/balances.ts';
import { Limits } from './quotas/limits.ts';
import { UsageCounters } from './quotas/usage-counters.ts';
import { SharingStore } from './sharing/sharing-store.ts';
import type { Store } from './store/store.ts';
import type { Vault } from './vault/vault.ts';

export interface Foundations {
  store: Store;
  vault: Vault;
  clock: Clock;
  timeouts: UpstreamTimeouts;
  systemProxy: SystemProxy | undefined;
  /** Where Stripe answers; its own address unless told. */
  stripe?: Partial<StripeHost> | undefined;
  onError: (error: unknown) => void;
}

export type Parts = ReturnType<typeof createParts>;

/** Makes the gateway's parts from the bottom up and hands each what it needs. */
export function createParts(foundations: Foundations) {
  const { store, vault, clock, timeouts, systemProxy, onError } = foundations;
  const { db } = store;
  const wall = () => clock.wall();

  const settings = new Settings(db);
  const rolledUpTo = () => settings.get('rolled_up_to');

  const plans = new Plans(db);
  const members = new Members(db);
  const keys = new Keys(db);
  const blocks = new IpBlocks(db);
  const clients = new ClientAddresses(() => ({
    proxies: settings.get('trusted_proxies'),
    header: settings.get('trusted_header'),
  }));

  const models = new Models(db);
  const presets = new Presets(db);
  const providers = new Providers(db);
  const listed = new ListedFacts(db);
  const facts = (model: Model, target: ModelTarget, provider: FactsProvider) =>
    factsFor(model, target, provider, listed);
  const upstreams = new Upstreams({
    ...{ providers, vault, clock, timeouts, systemProxy },
    onListed: (id, found) => listed.note(id, found, wall()),
    answeredBefore: answeredBefore(db, wall()),
  });

  const names = new Names(db);
  const events = new LiveEvents();
  const changes = new Changes(db, wall, events);
  const locatedAfter = () => settings.get('located_after');
  const locatedSince = () => settings.get('located_since');
  const requests = new RequestQuery(db, names, { rolledUpTo, locatedAfter, locatedSince });
  const sumsFrom = () => settings.get('sums_from');
  const monthsFrom = () => settings.get('months_from');
  const usage = new UsageReport(db, names, { rolledUpTo, sumsFrom, monthsFrom }, wall);
  const days = new DayReport(db, rolledUpTo, wall);
  const nameOf = (id: number) => providers.nameOf(id);
  const providerUsage = new ProviderUsage(db, names, usage, nameOf, { rolledUpTo, locatedAfter });
  const alerts = new Alerts({
    store,
    names,
    keys,
    memberName: (id) => members.get(id)?.name,
    blocks,
    events,
    rolledUpTo,
    providerName: (id) => providers.nameOf(id),
    wall,
    onError,
  });

  const webhook = new AlertWebhook({
    ...{ settings, vault, events, wall, systemProxy },
    memberName: (id) => members.get(id)?.name,
  });

  const watch = new ProviderWatch(alerts, events, (id) => upstreams.heldBackUntil(id));

  const limits = new Limits(db);
  const joining = new Joining({ store, clock, members, keys, limits });
  const balances = new Balances(db);
  const billing = new Billing({
    ...{ store, vault, clock, members, plans, balances, changes, alerts, systemProxy },
    host: foundations.stripe,
  });
  const lastUse = new LastUse(db, names, rolledUpTo());
  const toolUse = new ToolUse(db, names, rolledUpTo());
  const log = new RequestLog(
    store,
    names,
    (request) => chargeInterrupted(balances, request, clock.wall()),
    (facts) => {
      lastUse.note(facts);
      toolUse.note(facts);
    },
  );
  // A clock that is set ahead for a while must not make it delete what is not old.
  const rollUp = new RollUp(store, log, settings, () => Math.min(clock.wall(), clock.steady()));
  const history = windowHistory(store, names, rolledUpTo, (model) => models.countedAs(model));
  const counters = new UsageCounters(history, clock);

  return {
    ...{ store, vault, clock, settings, plans, members, keys, blocks, clients, models, providers, upstreams },
    presets,
    joining,
    billing,
    ...{ listed, facts, lastUse, toolUse, days, providerUsage },
    ...{
      names,
      events,
      changes,
      requests,
      usage,
      alerts,
      webhook,
      watch,
      limits,
      balances,
      log,
      rollUp,
      counters,
    },
    calls: new RunningCalls(),
    sharing: new SharingStore(db),
    pause: new Pause(events),
    bodyRoom: new BodyRoom(),
    instance: randomUUID(),
  };
}
