import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downstreamHeaders, forwardQuery, upstreamHeaders } from '../../gateway/providers/forward-headers.ts';

const LOCAL_KEY = `ntl_live_${'a'.repeat(40)}`;
const FIXED = { 'accept-encoding': 'identity', 'content-type': 'application/json' };

describe('upstreamHeaders', () => {
  it('passes what belongs to the request', () => {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      accept: 'text/event-stream',
      'user-agent': 'claude-cli/2',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'a,b',
      'x-stainless-lang': 'js',
      'idempotency-key': '1',
    };
    expect(upstreamHeaders(headers)).toEqual({ ...headers, 'accept-encoding': 'identity' });
  });

  it.each([
    ...['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'proxy-authorization'],
    ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
    ...['host', 'content-length', 'content-encoding', 'expect'],
    ...[
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-real-ip',
      'via',
      'cf-connecting-ip',
      'true-client-ip',
    ],
    ...['openai-organization', 'openai-project', 'origin', 'referer', 'sec-fetch-mode', 'x-ntl-anything'],
  ])('keeps back %s', (name) => {
    expect(upstreamHeaders({ [name]: 'value' })).toEqual(FIXED);
  });

  it('keeps back what Connection lists', () => {
    expect(upstreamHeaders({ connection: 'close, X-Hop', 'x-hop': '1', 'x-end': '2' })).toEqual({
      ...FIXED,
      'x-end': '2',
    });
  });

  it('joins repeated fields and leaves out missing ones', () => {
    expect(upstreamHeaders({ 'x-list': ['a', 'b'], 'x-none': undefined })).toEqual({
      ...FIXED,
      'x-list': 'a, b',
    });
  });

  it('never lets a local key through, in whatever header', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
          fc.tuple(fc.string(), fc.boolean(), fc.string()),
        ),
        (parts) => {
          const headers = Object.fromEntries(
            Object.entries(parts).map(([name, [before, local, after]]) => [
              name,
              `${before}${local ? LOCAL_KEY : ''}${after}`,
            ]),
          );
          expect(JSON.stringify(upstreamHeaders(headers))).not.toContain('ntl_live_');
        },
      ),
    );
  });
});

describe('forwardQuery', () => {
  it.each([
    ['', ''],
    ['?', ''],
    ['?beta=true', '?beta=true'],
    ['beta=true', '?beta=true'],
    ['?key=secret&beta=true', '?beta=true'],
    ['?a=1&api_key=s&b=%2F+x&api-key=s&access_token=s&c', '?a=1&b=%2F+x&c'],
    ['?%6bey=secret&KEY=secret', ''],
    [`?q=${LOCAL_KEY}&limit=5`, '?limit=5'],
    ['?q=ntl%5Flive%5Fabc', ''],
    ['?bad=%zz', '?bad=%zz'],
    ['?monkey=1', '?monkey=1'],
  ])('%s becomes %s', (query, expected) => {
    expect(forwardQuery(query)).toBe(expected);
  });

  it('keeps every other pair byte for byte and in order', () => {
    const pair = fc
      .tuple(fc.stringMatching(/^x[a-z%0-9]{0,5}$/), fc.stringMatching(/^[A-Z%+0-9]{0,8}$/))
      .map(([a, b]) => `${a}=${b}`);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        expect(forwardQuery(`?${pairs.join('&')}`)).toBe(`?${pairs.join('&')}`);
      }),
    );
  });
});

describe('downstreamHeaders', () => {
  it('passes what callers act on', () => {
    expect(
      downstreamHeaders({
        'content-type': 'text/event-stream',
        'anthropic-version': '2023-06-01',
        'openai-processing-ms': '12',
        'openai-version': '2020-10-01',
        'openai-model': 'gpt',
        'x-request-id': 'req_1',
      }),
    ).toEqual({
      'content-type': 'text/event-stream',
      'anthropic-version': '2023-06-01',
      'openai-processing-ms': '12',
      'openai-version': '2020-10-01',
      'openai-model': 'gpt',
      'x-upstream-request-id': 'req_1',
    });
    expect(downstreamHeaders({ 'request-id': 'req_2' })).toEqual({ 'x-upstream-request-id': 'req_2' });
  });

  it.each([
    ...[
      'set-cookie',
      'content-length',
      'content-encoding',
      'transfer-encoding',
      'connection',
      'retry-after',
      'server',
    ],
    ...[
      'x-ratelimit-limit-requests',
      'anthropic-ratelimit-requests-limit',
      'anthropic-organization-id',
      'openai-organization',
    ],
    ...['cf-ray', 'location', 'strict-transport-security', 'x-ntl-tier', 'x-should-retry'],
  ])('keeps back %s', (name) => {
    expect(downstreamHeaders({ [name]: 'value' })).toEqual({});
  });
});
