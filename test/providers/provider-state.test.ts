import { describe, expect, it } from 'vitest';
import { createHealth, type Health } from '../../gateway/providers/health.ts';
import {
  type ListingOutcome,
  type ProviderEvidence,
  providerState,
} from '../../gateway/providers/provider-state.ts';

const START = 1_700_000_000_000;

/** Provider 7 with two models, as its calls went. */
class Bench {
  now = START;
  readonly health: Health = createHealth({ now: () => this.now, random: () => 0.5 });
  listing: ListingOutcome | null = null;

  state(some: Partial<ProviderEvidence> = {}) {
    return providerState({
      ...{ id: 7, enabled: true, lacksCredential: false, answeredBefore: false, upstreamModels: ['a', 'b'] },
      circuits: this.health.snapshot(),
      listing: this.listing,
      ...some,
    });
  }

  served(model = 'a'): void {
    for (const key of ['7', `7:${model}`]) this.health.succeeded(key);
  }

  /** Fails so often that each failure counts: not while it cools down. */
  failed(reason: string, { key = '7', times = 1, retryAfterMs = null as number | null } = {}): void {
    for (let count = 0; count < times; count++) {
      this.now = Math.max(this.now, this.health.openUntil(key) ?? 0);
      this.health.failed(key, { reason, message: `said ${reason}`, retryAfterMs });
    }
  }

  listed(outcome: ListingOutcome['outcome']): void {
    const message = outcome === 'ok' ? null : `listing: ${outcome}`;
    this.listing = { at: this.now, since: this.now, outcome, message };
  }
}

describe('a provider', () => {
  it('is what the owner set, before anything its calls told', () => {
    const bench = new Bench();
    bench.failed('http_401');
    expect(bench.state({ enabled: false })).toEqual({ kind: 'off', since: null, until: null, message: null });
    expect(bench.state({ enabled: false, lacksCredential: true }).kind).toBe('off');
    expect(bench.state({ lacksCredential: true }).kind).toBe('no_credential');
  });

  it('is untested until something is known of it', () => {
    const bench = new Bench();
    expect(bench.state().kind).toBe('untested');
    expect(bench.state({ answeredBefore: true })).toMatchObject({ kind: 'answers', since: null });
    bench.now += 5;
    bench.served();
    expect(bench.state()).toEqual({ kind: 'answers', since: START + 5, until: null, message: null });
  });

  it('has its credential refused until it is another one, whatever its public list of models says', () => {
    const bench = new Bench();
    bench.served();
    bench.failed('http_401');
    bench.failed('http_403');
    const refused = { kind: 'credential_refused', since: START, message: 'said http_403' };
    expect(bench.state()).toMatchObject({ ...refused, until: bench.health.openUntil('7') });
    bench.now += 3_600_000;
    bench.listed('ok');
    expect(bench.state()).toEqual({ ...refused, until: null });
    bench.served();
    expect(bench.state()).toMatchObject({ kind: 'answers', since: bench.now });
  });

  it('cools down after a failure, and answers again when that is over', () => {
    const bench = new Bench();
    bench.served();
    bench.failed('http_500');
    expect(bench.state()).toEqual({
      ...{ kind: 'cooling_down', since: START, until: START + 750, message: 'said http_500' },
    });
    bench.now += 750;
    expect(bench.state()).toMatchObject({ kind: 'answers', until: null });
  });

  it('is failing once three calls in a row failed, until one is served', () => {
    const bench = new Bench();
    bench.served();
    bench.now += 10;
    bench.failed('connect', { times: 3 });
    expect(bench.state()).toMatchObject({
      kind: 'failing',
      since: START + 10,
      until: bench.health.openUntil('7'),
    });
    bench.now += 3_600_000;
    expect(bench.state()).toMatchObject({ kind: 'failing', since: START + 10, until: null });
    bench.served();
    expect(bench.state().kind).toBe('answers');
  });

  it('is failing from the first call on, where it never served', () => {
    const bench = new Bench();
    bench.failed('connect');
    expect(bench.state().kind).toBe('cooling_down');
    bench.now += 750;
    expect(bench.state()).toMatchObject({ kind: 'failing', message: 'said connect' });
  });

  it('cools down for as long as it asked, however often it did', () => {
    const bench = new Bench();
    bench.served();
    bench.failed('http_503', { times: 4, retryAfterMs: 20_000 });
    expect(bench.state()).toMatchObject({ kind: 'cooling_down', until: bench.now + 20_000 });
    bench.now += 20_000;
    expect(bench.state().kind).toBe('answers');
  });
});

describe('a model in trouble', () => {
  it('is worth a word, while the others answer', () => {
    const bench = new Bench();
    bench.served('b');
    bench.failed('http_429', { key: '7:a', retryAfterMs: 60_000 });
    expect(bench.state()).toMatchObject({ kind: 'answers', until: null, message: 'a: said http_429' });
  });

  it('is the provider in trouble, where it is all its models', () => {
    const bench = new Bench();
    bench.served('b');
    bench.failed('http_429', { key: '7:a', retryAfterMs: 60_000 });
    bench.failed('http_429', { key: '7:b', retryAfterMs: 30_000 });
    expect(bench.state()).toMatchObject({ kind: 'cooling_down', until: START + 30_000 });
    expect(bench.state({ upstreamModels: ['a', 'a'] })).toMatchObject({ until: START + 60_000 });
    expect(bench.state({ upstreamModels: [] })).toMatchObject({ kind: 'answers', message: null });
  });
});

describe('a test of a provider', () => {
  it.each([
    ['ok', 'answers'],
    ['credential_refused', 'credential_refused'],
    ['unreachable', 'failing'],
    ['no_listing', 'failing'],
  ] as const)('that ends %s means %s, where no call says else', (outcome, kind) => {
    const bench = new Bench();
    bench.listed(outcome);
    const message = outcome === 'ok' ? null : `listing: ${outcome}`;
    expect(bench.state()).toEqual({ kind, since: START, until: null, message });
  });

  it('says nothing of a provider whose calls are served, when it only lacks a list', () => {
    const bench = new Bench();
    bench.served();
    bench.now += 1;
    bench.listed('no_listing');
    expect(bench.state().kind).toBe('answers');
  });

  it('is no news where a call came later', () => {
    const bench = new Bench();
    bench.listed('unreachable');
    bench.now += 1;
    bench.served();
    expect(bench.state().kind).toBe('answers');
    bench.listed('ok');
    bench.now += 1;
    bench.failed('http_500', { times: 3 });
    expect(bench.state().kind).toBe('failing');
    bench.now += 1;
    bench.listed('ok');
    expect(bench.state().kind).toBe('answers');
  });
});
