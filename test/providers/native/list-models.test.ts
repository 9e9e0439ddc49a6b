import { describe, expect, it } from 'vitest';
import { bedrockControl } from '../../../gateway/providers/native/addresses.ts';
import type { NativeKind } from '../../../gateway/providers/native/kinds.ts';
import { API_KEY, json, modelAt, scripted, signal } from './setup.ts';

async function list(kind: NativeKind, baseUrl: string, credential = API_KEY) {
  return (await modelAt(kind, baseUrl, { credential })).models(signal());
}

describe('the models of Gemini', () => {
  it('are those of all pages that answer in words', async () => {
    const server = await scripted((response, { url }) =>
      json(
        response,
        url.includes('pageToken')
          ? { models: [{ name: 'models/gemini-b', supportedGenerationMethods: ['generateContent'] }] }
          : {
              models: [
                { name: 'models/gemini-a', supportedGenerationMethods: ['generateContent', 'countTokens'] },
                { name: 'models/embedding', supportedGenerationMethods: ['embedContent'] },
              ],
              nextPageToken: 'p2',
            },
      ),
    );
    expect(await list('google', `${server.origin}/v1beta/openai`)).toEqual({
      models: ['gemini-a', 'gemini-b'],
    });
    expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
      ['GET', '/v1beta/models?pageSize=1000'],
      ['GET', '/v1beta/models?pageSize=1000&pageToken=p2'],
    ]);
    expect(server.seen[0]?.headers['x-goog-api-key']).toBe(API_KEY);
  });

  it('are refused in Google’s words', async () => {
    const error = { code: 403, message: 'Not for you.', status: 'PERMISSION_DENIED' };
    const server = await scripted((response) => json(response, { error }, 403));
    expect(await list('google', server.origin)).toMatchObject({
      refusal: { status: 403, error: { message: 'Not for you.' } },
    });
  });
});

describe('the models of Bedrock', () => {
  it('are listed with the profiles by which newer ones are called', async () => {
    const server = await scripted((response, { url }) =>
      json(
        response,
        url.startsWith('/foundation-models')
          ? { modelSummaries: [{ modelId: 'amazon.nova-micro-v1:0' }] }
          : { inferenceProfileSummaries: [{ inferenceProfileId: 'us.anthropic.claude-sonnet-4-5-v1:0' }] },
      ),
    );
    expect(await list('bedrock', server.origin)).toEqual({
      models: ['amazon.nova-micro-v1:0', 'us.anthropic.claude-sonnet-4-5-v1:0'],
    });
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
  });

  it('are at another host than that which runs them', () => {
    expect(bedrockControl('https://bedrock-runtime.eu-west-1.amazonaws.com/')).toBe(
      'https://bedrock.eu-west-1.amazonaws.com',
    );
    expect(bedrockControl('https://bedrock-runtime-fips.us-east-1.amazonaws.com')).toBe(
      'https://bedrock-fips.us-east-1.amazonaws.com',
    );
    expect(bedrockControl('http://127.0.0.1:1/bedrock-runtime')).toBe('http://127.0.0.1:1/bedrock-runtime');
  });

  it('are typed by hand where requests are signed, as those of Vertex are', async () => {
    const server = await scripted((response) => response.end());
    expect(await list('bedrock', server.origin, 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMIK7MDENG')).toBeNull();
    expect(await list('vertex', server.origin)).toBeNull();
    expect(server.seen).toHaveLength(0);
  });
});

describe('a check of address and credential', () => {
  it.each([
    ['google', 404, { error: { code: 404, message: 'no such model', status: 'NOT_FOUND' } }],
    ['vertex', 404, { error: { code: 404, message: 'no such model', status: 'NOT_FOUND' } }],
    ['bedrock', 400, { message: 'The provided model identifier is invalid.' }],
  ] as const)('of %s is passed where only the model is missing', async (kind, status, body) => {
    const server = await scripted((response) => json(response, body, status));
    expect(await (await modelAt(kind, server.origin)).check(signal())).toBeNull();
    expect(server.seen[0]?.url).toMatch(/access.check/);
  });

  it('tells what speaks against it', async () => {
    const server = await scripted((response) =>
      json(response, { message: 'The security token is invalid.' }, 403),
    );
    expect(await (await modelAt('bedrock', server.origin)).check(signal())).toMatchObject({
      status: 403,
      error: { message: 'The security token is invalid.' },
    });
  });
});
