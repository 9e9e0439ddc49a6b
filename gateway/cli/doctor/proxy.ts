import { BlockList, isIP } from 'node:net';
import { bad, type Finding, ok, warn } from '../../connect/doctor/finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of this computer that tools are told. */
const HERE = ['127.0.0.1', 'localhost'];

type Kind = 'http' | 'https' | 'all';

const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  http: ['http_proxy', 'HTTP_PROXY'],
  https: ['https_proxy', 'HTTPS_PROXY'],
  all: ['all_proxy', 'ALL_PROXY'],
};

/** What a tool was seen to do at an address without encryption, before a proxy that passes nothing on. */
interface Habit {
  /** Variables that it follows there. */
  follows: readonly Kind[];
  /** Whether it knows ranges such as 127.0.0.0/8 in NO_PROXY. */
  ranges: boolean;
}

/** Each was run against both. The rest is taken to do as curl does (https://everything.curl.dev/usingcurl/proxies/env.html). */
const HABITS: Readonly<Record<string, Habit>> = {
  'claude-code': { follows: ['http', 'https', 'all'], ranges: true },
  codex: { follows: ['http', 'all'], ranges: true },
  opencode: { follows: ['http'], ranges: false },
  'kilo-code': { follows: ['http'], ranges: false },
  'qwen-code': { follows: ['http', 'https'], ranges: false },
  pi: { follows: ['http'], ranges: false },
  cline: { follows: ['http'], ranges: false },
  continue: { follows: ['http'], ranges: false },
  droid: { follows: ['http'], ranges: false },
  // Leaves loopback addresses out by itself.
  kimi: { follows: [], ranges: true },
};

const USUAL: Habit = { follows: ['http', 'all'], ranges: false };

/**
 * Whether a proxy of the environment would be asked for addresses of this computer: it cannot reach them.
 * @param concerned tools that are told to come here
 */
export function proxyFindings(environment: Environment, concerned: readonly string[] = []): Finding[] {
  const about = { check: 'proxy' };
  const kinds = (['http', 'https', 'all'] as const).filter(
    (kind) => setTo(environment, NAMES[kind]) !== null,
  );
  if (kinds.length === 0)
    return [ok(about, 'No proxy of the environment stands between tools and the gateway.')];
  const names = Object.values(NAMES)
    .flat()
    .filter((name) => environment[name])
    .join(', ');
  const caught = HERE.filter((host) => !isExcepted(environment, host, false));
  if (caught.length === 0) return [ok(about, `${names} leaves this computer's addresses out.`)];
  const reaches = HERE.filter((host) => !isExcepted(environment, host, true));
  const asks = (habit: Habit) =>
    habit.follows.some((kind) => kinds.includes(kind)) && (habit.ranges ? reaches : caught).length > 0;
  const failing = concerned.filter((tool) => asks(HABITS[tool] ?? USUAL));
  const node =
    environment.NODE_USE_ENV_PROXY === '1'
      ? ' So do programs on Node.js, for NODE_USE_ENV_PROXY is set.'
      : '';
  const ranges =
    reaches.length < caught.length ? ' NO_PROXY names them by a range or pattern, which few tools know.' : '';
  const mend = { text: mendText(environment, caught) };
  const catches = `${names} is set and catches ${caught.join(' and ')}`;
  if (failing.length > 0)
    return [
      bad(
        about,
        `${catches}: ${list(failing)} ${failing.length === 1 ? 'asks' : 'ask'} the proxy for the gateway.${ranges}${node}`,
        mend,
      ),
    ];
  if (asks(USUAL) || node !== '')
    return [warn(about, `${catches}: most tools would ask the proxy for the gateway.${ranges}${node}`, mend)];
  const some = Object.keys(HABITS).filter((tool) => asks(HABITS[tool] as Habit));
  if (some.length === 0) return [ok(about, `${names} leaves this computer's addresses out.`)];
  return [
    ok(
      about,
      `${names} is for encrypted addresses alone, which the gateway’s here is not; of the tools, ${list(some)} would follow it all the same.`,
    ),
  ];
}

function list(tools: readonly string[]): string {
  return tools.length < 2 ? tools.join('') : `${tools.slice(0, -1).join(', ')} and ${tools.at(-1)}`;
}

function setTo(environment: Environment, names: readonly string[]): string | null {
  return names.map((name) => environment[name]).find(Boolean) ?? null;
}

function mendText(environment: Environment, caught: readonly string[]): string {
  const now = [environment.no_proxy || environment.NO_PROXY, ...caught].filter(Boolean).join(',');
  return `Set NO_PROXY and no_proxy to ${now} where your shell starts`;
}

/** Where both spellings are set, tools differ in which they read: an exception must be in both. */
function isExcepted(environment: Environment, host: string, ranges: boolean): boolean {
  const lists = [environment.no_proxy, environment.NO_PROXY].filter((one) => one);
  return lists.length > 0 && lists.every((text) => listed(text ?? '', host, ranges));
}

/** `*`, a name, or a domain, with or without a dot before it; some write ports. Ranges and patterns few tools know. */
function listed(exceptions: string, host: string, ranges: boolean): boolean {
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return ranges && inRange(entry, host);
      const name = entry.replace(/:\d{1,5}$/, '').replace(/^\*?\./, '');
      if (name.includes('*')) return ranges && isLike(name, host);
      return name === host;
    });
}

function inRange(entry: string, host: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  if (isIP(address) !== 4 || isIP(host) !== 4 || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return false;
  const range = new BlockList();
  range.addSubnet(address, Number(bits));
  return range.check(host);
}

function isLike(pattern: string, host: string): boolean {
  const [begin = '', end = ''] = pattern.split('*');
  return pattern.split('*').length === 2 && host.startsWith(begin) && host.endsWith(end);
}
