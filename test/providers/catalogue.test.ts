import { findProvider } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { checkBaseUrl } from '../../gateway/providers/base-url.ts';
import { authHeaders, familyHeaders, PROVIDERS, speaks } from '../../gateway/providers/catalogue.ts';
import { isProviderKind, PROVIDER_KINDS } from '../../gateway/providers/provider-kinds.ts';

const entries = PROVIDER_KINDS.map((kind) => [kind, PROVIDERS[kind]] as const);

describe.each(entries)('%s', (kind, facts) => {
  it('has a name and speaks at least one protocol', () => {
    expect(facts.label).not.toBe('');
    expect(Object.keys(facts.protocols).length > 0 || facts.native !== undefined).toBe(true);
    expect(facts.auth.length).toBeGreaterThan(0);
  });

  it('has a base URL that an owner could have typed, secure unless local', () => {
    if (facts.baseUrl === null) {
      expect(facts.local).toBe(false);
      return;
    }
    expect(checkBaseUrl(facts.baseUrl)).toBe(facts.baseUrl);
    expect(new URL(facts.baseUrl).protocol).toBe(facts.local ? 'http:' : 'https:');
    if (facts.local) expect(new URL(facts.baseUrl).hostname).toBe('127.0.0.1');
  });

  it('writes its paths with a leading and no trailing slash', () => {
    for (const path of [
      ...Object.values(facts.protocols),
      ...(facts.models === null ? [] : [facts.models.path]),
    ]) {
      expect(path).toMatch(/^(\/[a-z0-9]+)*$/);
    }
    if (facts.models === null) expect(facts.native).toBeDefined();
    else expect(facts.models.path).toMatch(/\/models$/);
  });

  it('claims to count tokens only where it speaks Messages', () => {
    if (facts.countTokens) expect(facts.protocols['anthropic-messages']).toBeDefined();
    expect(speaks(kind, 'count_tokens')).toBe(facts.countTokens);
  });

  it('asks for a credential unless it is local or anything compatible', () => {
    expect(facts.credential).toBe(facts.local || kind.endsWith('-compatible') ? 'optional' : 'required');
  });

  it('names a price list that the library has', () => {
    if (facts.prices === null) return;
    const found = findProvider({ providerId: facts.prices });
    expect(found?.id).toBe(facts.prices);
    expect(found?.models.length).toBeGreaterThan(0);
  });

  it('has a help page over https, if any', () => {
    if (facts.helpUrl !== null) expect(new URL(facts.helpUrl).protocol).toBe('https:');
  });

  it('puts the credential into its headers and nothing else', () => {
    const headers = authHeaders(kind, 'secret');
    expect(Object.keys(headers)).toHaveLength(facts.auth.length);
    for (const value of Object.values(headers)) expect(value).toMatch(/^(Bearer )?secret$/);
  });
});

it('finds the price list by the address that the catalogue gives', () => {
  const byAddress = entries.flatMap(([, { baseUrl, prices }]) =>
    baseUrl === null || prices === null ? [] : [[prices, findProvider({ providerApiUrl: baseUrl })?.id]],
  );
  for (const [prices, found] of byAddress) {
    // The library knows Together AI by its former host name alone.
    if (prices !== 'together') expect(found).toBe(prices);
  }
});

it('uses the header each service documents', () => {
  expect(authHeaders('openai', 'k')).toEqual({ authorization: 'Bearer k' });
  expect(authHeaders('anthropic', 'k')).toEqual({ 'x-api-key': 'k' });
  expect(authHeaders('azure-openai', 'k')).toEqual({ 'api-key': 'k' });
  expect(authHeaders('anthropic-compatible', 'k')).toEqual({ 'x-api-key': 'k', authorization: 'Bearer k' });
});

it('tells kinds from other texts', () => {
  expect(isProviderKind('ollama')).toBe(true);
  expect(isProviderKind('toString')).toBe(false);
});

it('says which endpoints need no translation', () => {
  expect(speaks('anthropic', 'messages')).toBe(true);
  expect(speaks('anthropic', 'chat')).toBe(false);
  expect(speaks('openai', 'responses')).toBe(true);
  expect(speaks('openai', 'messages')).toBe(false);
  expect(speaks('ollama', 'count_tokens')).toBe(false);
});

it('names an API version to Anthropic endpoints alone', () => {
  expect(familyHeaders('anthropic')).toEqual({ 'anthropic-version': '2023-06-01' });
  expect(familyHeaders('openai')).toEqual({});
});
