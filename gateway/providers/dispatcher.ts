import { BlockList, isIP } from 'node:net';
import type { Agent as AgentOf, Dispatcher, ProxyAgent as ProxyAgentOf } from 'undici';
import { CertificateTextError, trustContext } from './certificate-authorities.ts';
import { sharedLookup } from './shared-lookup.ts';
import { Agent, decompress, proxyAgents } from './undici-parts.ts';

/**
 * Tells the system's proxy for a URL in the form of a PAC answer, such as `DIRECT` or `PROXY host:port; DIRECT`:
 * what Electron's `session.resolveProxy` gives.
 */
export type SystemProxy = (url: string) => Promise<string>;

export interface DispatcherOptions {
  /** A proxy URL (http, https, socks5), `none` or `direct` for no proxy, null for the system's. */
  proxy: string | null;
  /** The owner's CA certificates for this provider, PEM. */
  ca: string | null;
  /** Longest wait for a connection, TLS included. */
  connectMs: number;
  /** Without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed. */
  systemProxy?: SystemProxy | undefined;
}

/** One provider's connections: kept alive, HTTP/1.1, answers decompressed. */
export interface ProviderDispatcher {
  /**
   * The way to a URL. System proxies change as a laptop moves, so they are asked for each call.
   * @throws CertificateTextError when the stored CA certificate cannot be read
   * @throws ProxySettingError when the proxy setting cannot be read
   */
  for(url: URL): Promise<Dispatcher>;
  /** Lets what runs go on and ends each connection once it is idle. */
  retire(): Promise<void>;
  /** Ends every connection, those in use too. */
  close(): Promise<void>;
}

/** The provider's or the system's proxy setting cannot be used. `message` is for people. */
export class ProxySettingError extends Error {
  override readonly name = 'ProxySettingError';
}

export interface ProxySetting {
  /** `none`, `direct`, or a URL without user and password. */
  proxy: string;
  /** The whole URL where it carries a password: it belongs in the vault. */
  secret: string | null;
}

/**
 * Reads a proxy setting that an owner typed.
 * @throws ProxySettingError; its message never repeats the text, which may hold a password
 */
export function parseProxy(text: string): ProxySetting {
  const trimmed = text.trim();
  if (isDirect(trimmed)) return { proxy: trimmed, secret: null };
  const url = URL.parse(trimmed);
  if (url === null || !PROXY_PROTOCOLS.has(url.protocol) || url.hostname === '') {
    throw new ProxySettingError(
      'The proxy must be a URL such as http://proxy.example:3128 or socks5://proxy.example:1080, or "none".',
    );
  }
  const secret = url.username === '' && url.password === '' ? null : trimmed;
  url.username = '';
  url.password = '';
  return { proxy: url.href, secret };
}

const PROXY_PROTOCOLS = new Set(['http:', 'https:', 'socks5:']);
/** Longer than undici's 4 s, so that a person's next question finds the connection open. */
const KEEP_ALIVE_MS = 30_000;

export function createDispatcher(options: DispatcherOptions): ProviderDispatcher {
  const routes = new Map<string, Dispatcher>();

  function route(name: string, open: () => Dispatcher): Dispatcher {
    const known = routes.get(name);
    if (known !== undefined) return known;
    // undici's own setting leaves error bodies compressed.
    const opened = open().compose(decompress({ skipErrorResponses: false }));
    routes.set(name, opened);
    return opened;
  }

  function direct(url: URL): Dispatcher {
    const secure = url.protocol === 'https:';
    return route(secure ? 'direct tls' : 'direct', () => new Agent(agentOptions(options, secure)));
  }

  function through(proxy: string): Dispatcher {
    return route(`proxy ${proxy}`, () =>
      readSetting(
        'The proxy setting',
        () => new (proxyAgents().ProxyAgent)({ ...proxyOptions(options, [proxy]), uri: proxy }),
      ),
    );
  }

  function environment(url: URL): Dispatcher {
    if (environmentProxies().every((proxy) => proxy === '')) return direct(url);
    return route('environment', () =>
      readSetting(
        'HTTP_PROXY or HTTPS_PROXY',
        () => new (proxyAgents().EnvHttpProxyAgent)(proxyOptions(options, environmentProxies())),
      ),
    );
  }

  return {
    async for(url) {
      const { proxy, systemProxy } = options;
      if (proxy !== null) return isDirect(proxy) ? direct(url) : through(proxy);
      if (isLoopback(url.hostname)) return direct(url);
      if (systemProxy === undefined) return environment(url);
      const found = proxyFromPac(await systemProxy(url.href));
      return found === null ? direct(url) : through(found);
    },

    async retire() {
      await Promise.all([...routes.values()].map((dispatcher) => dispatcher.close()));
    },

    async close() {
      const open = [...routes.values()];
      routes.clear();
      await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** undici's own error would quote the setting. */
function readSetting(name: string, open: () => Dispatcher): Dispatcher {
  try {
    return open();
  } catch (error) {
    if (error instanceof CertificateTextError) throw error;
    throw new ProxySettingError(`${name} is not a proxy URL that can be used.`);
  }
}

function isDirect(proxy: string): boolean {
  return proxy === 'none' || proxy === 'direct';
}

function agentOptions({ ca, connectMs }: DispatcherOptions, secure: boolean): AgentOf.Options {
  return {
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: {
      timeout: connectMs,
      lookup: sharedLookup,
      ...(secure ? { secureContext: trustContext(ca) } : {}),
    },
  };
}

/** A proxy agent builds its own connections, so each of its ways is told the same. */
function proxyOptions(options: DispatcherOptions, proxies: string[]): Omit<ProxyAgentOf.Options, 'uri'> {
  const secureContext = trustContext(options.ca);
  return {
    ...agentOptions(options, true),
    connectTimeout: options.connectMs,
    requestTls: { secureContext },
    // Given to a SOCKS5 proxy, it would make undici speak TLS to it.
    ...(proxies.some((proxy) => proxy.startsWith('https:')) ? { proxyTls: { secureContext } } : {}),
    // The CONNECT request has a timeout of its own, five minutes by default.
    clientFactory: (origin, opts) =>
      new (proxyAgents().Pool)(origin, { ...opts, headersTimeout: options.connectMs }),
  };
}

/** The variables EnvHttpProxyAgent reads. */
function environmentProxies(): string[] {
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
  return names.map((name) => process.env[name] ?? '');
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** @param hostname as `URL.hostname` gives it: IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const version = isIP(name);
  if (version !== 0) return LOOPBACK.check(name, version === 4 ? 'ipv4' : 'ipv6');
  return name === 'localhost' || name.endsWith('.localhost');
}

const PAC_PROTOCOLS: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
};

/** The first usable way of a PAC answer, as a proxy URL or null for none. SOCKS version 4 is not usable. */
function proxyFromPac(answer: string): string | null {
  for (const way of answer.split(';')) {
    const [type = '', address] = way.trim().split(/\s+/);
    if (type.toUpperCase() === 'DIRECT') return null;
    const protocol = PAC_PROTOCOLS[type.toUpperCase()];
    if (protocol !== undefined && address !== undefined) return `${protocol}://${address}`;
  }
  return null;
}
