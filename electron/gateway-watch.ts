import type { Alert, Figures, Member, Overview, Status } from '../gateway/doors/admin/contract.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { askGateway } from './in-process.ts';

/** How the gateway is, as far as the tray tells of it. */
export interface GatewayFacts {
  state: 'running' | 'paused' | 'draining';
  /** Such as `http://127.0.0.1:7411`; null where it listens nowhere. */
  url: string | null;
  /** Since local midnight; null until it was asked. */
  today: Pick<Figures, 'requests' | 'tokens' | 'costMicros'> | null;
  runningRequests: number;
  unseenAlerts: number;
  /** Members who wait to be approved. */
  pending: readonly Pick<Member, 'id' | 'name'>[];
}

export interface WatchListener {
  /** Told at first, and whenever something may have changed. */
  facts(facts: GatewayFacts): void;
  /** Something the owner should look at, just now. */
  alert(alert: Pick<Alert, 'id' | 'message' | 'answers'>): void;
  /** Somebody began to wait for approval, just now. */
  pending(member: GatewayFacts['pending'][number]): void;
}

export interface GatewayWatch {
  /** Asks anew. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Figures follow requests this slowly: the menu is seldom open. */
const REFRESH_MS = 30_000;
/** While requests are waited for, their number is looked at. */
const DRAINING_REFRESH_MS = 1_000;
const ALL_MEMBERS = 1_000;

/** Follows a gateway in this process: by its events, and by its figures now and then. */
export function watchGateway(
  { app, events }: Pick<Gateway, 'app' | 'events'>,
  listener: WatchListener,
): GatewayWatch {
  let facts: GatewayFacts = {
    state: 'running',
    url: null,
    today: null,
    runningRequests: 0,
    unseenAlerts: 0,
    pending: [],
  };
  let stopped = false;
  let membersKnown = false;
  let membersChanged = true;
  let running: Promise<void> | undefined;
  let again = false;

  function tell(news: Partial<GatewayFacts>): void {
    if (stopped) return;
    facts = { ...facts, ...news };
    listener.facts(facts);
  }

  async function ask(): Promise<void> {
    const [status, overview] = await Promise.all([
      askGateway<Status>(app, '/status'),
      askGateway<Overview>(app, `/overview?timeZoneOffsetMinutes=${-new Date().getTimezoneOffset()}`),
    ]);
    if (membersChanged) await askMembers();
    tell({
      ...(facts.state === 'draining' ? {} : { state: status.paused ? 'paused' : 'running' }),
      url: status.addresses[0] ?? null,
      today: overview.today,
      runningRequests: status.runningRequests,
      unseenAlerts: status.counts.unseenAlerts,
    });
  }

  async function askMembers(): Promise<void> {
    membersChanged = false;
    const { data } = await askGateway<{ data: Member[] }>(app, `/members?pageSize=${ALL_MEMBERS}`);
    const pending = data.filter(({ status }) => status === 'pending').map(({ id, name }) => ({ id, name }));
    const before = new Set(facts.pending.map(({ id }) => id));
    // Who waits already when the app starts is in the menu, not news.
    if (membersKnown && !stopped)
      for (const member of pending) if (!before.has(member.id)) listener.pending(member);
    membersKnown = true;
    facts = { ...facts, pending };
  }

  /** One at a time; who asks meanwhile gets one more. */
  async function refresh(): Promise<void> {
    if (running !== undefined) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        // A gateway that is just closing answers nothing: what was last known stays.
        await ask().catch(() => undefined);
      } while (again && !stopped);
      running = undefined;
    })();
    return running;
  }

  /** What it can be answered with is asked for; where that fails the alert is told without. */
  async function tellOf({ id, message }: { id: number; message: string }): Promise<void> {
    const plain = { id: String(id), message, answers: [] };
    listener.alert(await askGateway<Alert>(app, `/alerts/${id}`).catch(() => plain));
  }

  function every(ms: number): NodeJS.Timeout {
    return setInterval(() => void refresh(), ms).unref();
  }

  let timer = every(REFRESH_MS);
  const leave = events.subscribe(
    (event) => {
      if (event.type === 'alert') void tellOf(event.data);
      if (event.type === 'change' && event.data.subject.startsWith('member:')) membersChanged = true;
      if (event.type === 'state') tell({ state: event.data.state });
      if (event.type === 'state' && event.data.state === 'draining') {
        clearInterval(timer);
        timer = every(DRAINING_REFRESH_MS);
      }
      void refresh();
    },
    ['alert', 'change', 'state'],
  );
  void refresh();

  return {
    refresh,
    stop() {
      stopped = true;
      clearInterval(timer);
      leave?.();
    },
  };
}
