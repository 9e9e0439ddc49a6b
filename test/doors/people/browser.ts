import type { JsonAnswer, TestGateway } from '../../support/gateway.ts';

/** A browser as far as a server can tell: it keeps cookies by their path, and says which page asks. */
export interface FakeBrowser {
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<JsonAnswer>;
  /** By name. */
  readonly cookies: ReadonlyMap<string, string>;
  /** As the gateway said it, by name. */
  readonly setCookies: ReadonlyMap<string, string>;
}

export function fakeBrowser(gateway: Pick<TestGateway, 'url'>): FakeBrowser {
  const cookies = new Map<string, string>();
  const setCookies = new Map<string, string>();
  const paths = new Map<string, string>();
  return {
    cookies,
    setCookies,
    async ask(method, path, body, headers = {}) {
      const sent = [...cookies].filter(([name]) => path.startsWith(paths.get(name) ?? '/'));
      const response = await fetch(gateway.url + path, {
        method,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(sent.length === 0 ? {} : { cookie: sent.map((pair) => pair.join('=')).join('; ') }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        setCookies.set(name, line);
        paths.set(name, /Path=([^;]+)/.exec(line)?.[1] ?? '/');
        if (/Max-Age=0/.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: parsed(text) };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
