import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseCertificates } from '../../gateway/providers/certificate-authorities.ts';
import type { DispatcherOptions } from '../../gateway/providers/dispatcher.ts';
import { createDispatcher, isLoopback, parseProxy } from '../../gateway/providers/dispatcher.ts';
import { createTestAuthority } from '../support/certificates.ts';
import { httpProxy, serve, socksProxy } from './local-servers.ts';

const authority = await createTestAuthority();
const identity = await authority.issue({ hosts: ['provider.test'] });

/** Names in .test never resolve (RFC 2606): who reaches them went through a proxy. */
const HTTPS_URL = 'https://provider.test/v1/models?x=1';
const HTTP_URL = 'http://provider.test/v1/models?x=1';

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function dispatcherWith(options: Partial<DispatcherOptions>) {
  const dispatcher = createDispatcher({ proxy: null, ca: authority.ca, connectMs: 5_000, ...options });
  onTestFinished(() => dispatcher.close());
  return {
    ...dispatcher,
    get: async (address: string) => {
      const url = new URL(address);
      const answer = await request(url, { dispatcher: await dispatcher.for(url) });
      return answer.body.text();
    },
  };
}

/** Answers with the path asked for, so that a proxy's changes would show. */
const secure = () => serve((incoming, response) => response.end(`secure ${incoming.url}`), identity);
const plain = () =>
  serve((incoming, response) => {
    expect(incoming.headers['proxy-authorization']).toBeUndefined();
    response.end(`plain ${incoming.url}`);
  });

describe('a proxy of the provider', () => {
  it('tunnels https', async () => {
    const proxy = await httpProxy(await secure());
    expect(await dispatcherWith({ proxy: proxy.origin }).get(HTTPS_URL)).toBe('secure /v1/models?x=1');
    expect(proxy.asked).toEqual(['CONNECT provider.test:443']);
  });

  it('forwards http', async () => {
    const proxy = await httpProxy(await plain());
    expect(await dispatcherWith({ proxy: proxy.origin }).get(HTTP_URL)).toBe('plain /v1/models?x=1');
    expect(proxy.asked).toEqual([`GET ${HTTP_URL}`]);
  });

  it('may be a SOCKS5 proxy', async () => {
    const proxy = await socksProxy(await secure());
    expect(await dispatcherWith({ proxy: proxy.origin }).get(HTTPS_URL)).toBe('secure /v1/models?x=1');
    expect(proxy.asked).toEqual(['SOCKS provider.test:443']);
  });

  it('may itself be reached over TLS', async () => {
    const proxyIdentity = await authority.issue({ hosts: ['127.0.0.1'] });
    const proxy = await httpProxy(await secure(), { identity: proxyIdentity });
    expect(proxy.origin).toMatch(/^https:/);
    expect(await dispatcherWith({ proxy: proxy.origin }).get(HTTPS_URL)).toBe('secure /v1/models?x=1');
    expect(proxy.asked).toEqual(['CONNECT provider.test:443']);
  });

  it('gets its password, and nobody else does', async () => {
    const proxy = await httpProxy(await plain());
    const address = proxy.origin.replace('://', '://user:s%40cret@');
    expect(await dispatcherWith({ proxy: address }).get(HTTP_URL)).toBe('plain /v1/models?x=1');
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('user:s@cret').toString('base64')}`]);
  });

  it('holds for loopback addresses too', async () => {
    const target = await plain();
    const proxy = await httpProxy(target);
    await dispatcherWith({ proxy: proxy.origin }).get(`${target.origin}/a`);
    expect(proxy.asked).toEqual([`GET ${target.origin}/a`]);
  });

  it('is named without its text when it cannot be used', async () => {
    const dispatcher = dispatcherWith({ proxy: 'not a url hunter2' });
    const opened = dispatcher.for(new URL(HTTP_URL));
    await expect(opened).rejects.toThrow('The proxy setting is not a proxy URL that can be used.');
    await expect(opened).rejects.not.toThrow(/hunter2/);
  });
});

describe("the system's proxy", () => {
  it('is taken from the environment', async () => {
    const forHttps = await httpProxy(await secure());
    const forHttp = await httpProxy(await plain());
    vi.stubEnv('HTTPS_PROXY', forHttps.origin);
    vi.stubEnv('HTTP_PROXY', forHttp.origin);
    const dispatcher = dispatcherWith({});
    await dispatcher.get(HTTPS_URL);
    await dispatcher.get(HTTP_URL);
    expect(forHttps.asked).toEqual(['CONNECT provider.test:443']);
    expect(forHttp.asked).toEqual([`GET ${HTTP_URL}`]);
  });

  // On Linux and macOS 0.0.0.0 reaches this machine without being a loopback address.
  it.skipIf(process.platform === 'win32')(
    'is left aside for NO_PROXY and for a provider set to none',
    async () => {
      const target = await plain();
      const proxy = await httpProxy(target);
      const address = `http://0.0.0.0:${target.port}/b`;
      vi.stubEnv('HTTP_PROXY', proxy.origin);
      await dispatcherWith({}).get(address);
      expect(proxy.asked).toHaveLength(1);
      await dispatcherWith({ proxy: 'none' }).get(address);
      await dispatcherWith({ proxy: 'direct' }).get(address);
      vi.stubEnv('NO_PROXY', 'example.com,0.0.0.0');
      await dispatcherWith({}).get(address);
      expect(proxy.asked).toHaveLength(1);
    },
  );

  it('is never used for loopback addresses', async () => {
    const target = await plain();
    const proxy = await httpProxy(target);
    vi.stubEnv('HTTP_PROXY', proxy.origin);
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await dispatcherWith({}).get(`http://${host}:${target.port}/c`)).toBe('plain /c');
    }
    expect(proxy.asked).toEqual([]);
  });

  it('may be told by the desktop, anew for each call', async () => {
    const target = await plain();
    const [first, second] = [await httpProxy(target), await httpProxy(target)];
    const answers = [
      `PROXY 127.0.0.1:${first.port}; DIRECT`,
      `SOCKS 127.0.0.1:1; PROXY 127.0.0.1:${second.port}`,
    ];
    const asked: string[] = [];
    const dispatcher = dispatcherWith({
      systemProxy: async (url) => {
        asked.push(url);
        return answers.shift() ?? 'DIRECT';
      },
    });
    await dispatcher.get(HTTP_URL);
    await dispatcher.get(HTTP_URL);
    expect(first.asked).toEqual([`GET ${HTTP_URL}`]);
    expect(second.asked).toEqual([`GET ${HTTP_URL}`]);
    expect(asked).toEqual([HTTP_URL, HTTP_URL]);
    if (process.platform !== 'win32')
      expect(await dispatcher.get(`http://0.0.0.0:${target.port}/d`)).toBe('plain /d');
  });

  it('is named by its variable when it cannot be used', async () => {
    vi.stubEnv('HTTPS_PROXY', 'hunter2 hunter2');
    await expect(dispatcherWith({}).for(new URL(HTTPS_URL))).rejects.toThrow(
      /^HTTP_PROXY or HTTPS_PROXY is not a proxy URL/,
    );
  });
});

describe('connections', () => {
  it('are kept and shared by calls', async () => {
    const target = await plain();
    const dispatcher = dispatcherWith({});
    for (let count = 0; count < 10; count += 1) await dispatcher.get(`${target.origin}/${count}`);
    // undici opens a second one when the next call comes in the very turn the first one ends.
    expect(target.connections()).toBeLessThanOrEqual(2);
  });

  it('end with close(), those in use too', async () => {
    const target = await serve((_, response) => void response.writeHead(200).write('begun'));
    const dispatcher = dispatcherWith({});
    const url = new URL(target.origin);
    const answer = await request(url, { dispatcher: await dispatcher.for(url) });
    const read = answer.body.text();
    await dispatcher.close();
    await expect(read).rejects.toThrow();
    await target.idle();
  });
});

it.each([
  ['localhost', true],
  ['ollama.localhost', true],
  ['localhost.', true],
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['[::1]', true],
  ['[::ffff:7f00:1]', true],
  ['128.0.0.1', false],
  ['127.example.com', false],
  ['localhost.example.com', false],
  ['notlocalhost', false],
  ['[::2]', false],
  ['192.168.0.1', false],
])('isLoopback(%s) is %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected);
});

describe('parseProxy', () => {
  it.each([
    ['none', { proxy: 'none', secret: null }],
    [' direct ', { proxy: 'direct', secret: null }],
    ['http://proxy.example:3128', { proxy: 'http://proxy.example:3128/', secret: null }],
    ['socks5://proxy.example:1080', { proxy: 'socks5://proxy.example:1080', secret: null }],
    [
      'https://u:hunter2@proxy.example',
      { proxy: 'https://proxy.example/', secret: 'https://u:hunter2@proxy.example' },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseProxy(text)).toEqual(expected);
  });

  it.each(['', 'proxy.example:3128', 'ftp://u:hunter2@proxy.example', 'hunter2'])('refuses "%s"', (text) => {
    expect(() => parseProxy(text)).toThrow(/The proxy must be a URL/);
    expect(() => parseProxy(text)).not.toThrow(/hunter2/);
  });
});

describe('parseCertificates', () => {
  it('splits a bundle', async () => {
    const other = await createTestAuthority();
    expect(parseCertificates(`# ours\n${authority.ca}\n${other.ca}`)).toHaveLength(2);
  });

  it('says what is wrong with other texts', () => {
    expect(() => parseCertificates('hello')).toThrow(/not PEM/);
    expect(() => parseCertificates(identity.key)).toThrow(/not PEM/);
    expect(() => parseCertificates(authority.ca.replace('MII', 'AAA'))).toThrow(/damaged/);
  });
});
