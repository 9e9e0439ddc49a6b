import { describe, expect, it } from 'vitest';
import type { UserPart } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import type { NativeKind } from '../../../gateway/providers/native/kinds.ts';
import { scripted, sent } from './setup.ts';

/** What a part becomes on the wire, and what is reported. */
async function shown(kind: NativeKind, part: UserPart, model?: string) {
  const request = await sent(
    kind,
    { turns: [{ role: 'user', parts: [part] }] },
    model === undefined ? {} : { model },
  );
  const [content = {}] = (request.json.contents ?? request.json.messages) as JsonObject[];
  return [((content.parts ?? content.content) as JsonObject[])[0], request.dropped];
}

const base64 = (mediaType: string) => ({ kind: 'base64' as const, mediaType, data: 'ZGF0YQ==' });
const url = (address: string) => ({ kind: 'url' as const, url: address });

describe('files for Gemini', () => {
  it.each([
    [{ type: 'image', source: base64('image/png') }, 'image/png'],
    [{ type: 'image', source: base64('image/jpg') }, 'image/jpeg'],
    [{ type: 'document', source: base64('application/pdf'), name: 'a.pdf' }, 'application/pdf'],
    [{ type: 'document', source: base64('application/json') }, 'text/plain'],
    [{ type: 'audio', format: 'wav', data: 'ZGF0YQ==' }, 'audio/wav'],
  ] as const)('go inline: %j', async (part, mimeType) => {
    expect(await shown('google', part)).toEqual([{ inlineData: { mimeType, data: 'ZGF0YQ==' } }, null]);
  });

  it('go inline as text', async () => {
    const part: UserPart = { type: 'document', source: { kind: 'text', text: 'data' } };
    expect(await shown('google', part)).toEqual([
      { inlineData: { mimeType: 'text/plain', data: 'ZGF0YQ==' } },
      null,
    ]);
  });

  it('are named by their address, which nobody here fetches', async () => {
    const bait = await scripted((response) => response.end('x'));
    const address = `${bait.origin.replace('http:', 'https:')}/a/cat.PNG?x=1`;
    expect(await shown('google', { type: 'image', source: url(address) })).toEqual([
      { fileData: { mimeType: 'image/png', fileUri: address } },
      null,
    ]);
    expect(bait.connections()).toBe(0);
  });

  it.each([
    'https://example.com/cat',
    'http://example.com/cat.png',
    'file:///etc/passwd.png',
    'gs://bucket/cat.png',
    'not an address.png',
  ])('leave a note for what Gemini would not fetch: %s', async (address) => {
    const [part, dropped] = await shown('google', { type: 'image', source: url(address) });
    expect(part).toEqual({ text: expect.stringContaining('left out') });
    expect(dropped).toBe('image');
  });

  it('leave a note for a model that fetches nothing', async () => {
    const part: UserPart = { type: 'document', source: url('https://example.com/a.pdf') };
    expect((await shown('google', part, 'gemini-2.0-flash'))[1]).toBe('document');
    expect((await shown('google', part))[1]).toBeNull();
  });

  it('come from a bucket on Vertex', async () => {
    expect(await shown('vertex', { type: 'document', source: url('gs://bucket/a.pdf') })).toEqual([
      { fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' } },
      null,
    ]);
  });
});

describe('a file under a wrong name', () => {
  it.each(['google', 'bedrock'] as const)('is told by what it is (%s)', async (kind) => {
    const pdf = Buffer.from('%PDF-1.7 …').toString('base64');
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]).toString('base64');
    const mediaType = 'application/octet-stream';
    const [file] = await shown(kind, { type: 'document', source: { kind: 'base64', mediaType, data: pdf } });
    expect(JSON.stringify(file)).toContain(
      kind === 'bedrock' ? '"format":"pdf"' : '"mimeType":"application/pdf"',
    );
    const [image] = await shown(kind, { type: 'image', source: { kind: 'base64', mediaType, data: png } });
    expect(JSON.stringify(image)).toContain(kind === 'bedrock' ? '"format":"png"' : '"mimeType":"image/png"');
  });

  it('that tells nothing is refused', async () => {
    const source = { kind: 'base64', mediaType: 'application/octet-stream', data: 'AAAA' } as const;
    await expect(shown('google', { type: 'image', source })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('files for Bedrock', () => {
  it('go inline by their formats', async () => {
    expect(await shown('bedrock', { type: 'image', source: base64('image/png') })).toEqual([
      { image: { format: 'png', source: { bytes: 'ZGF0YQ==' } } },
      null,
    ]);
    const pdf: UserPart = { type: 'document', source: base64('application/pdf'), name: 'my report (1).pdf' };
    expect(await shown('bedrock', pdf)).toEqual([
      { document: { format: 'pdf', name: 'my report (1)', source: { bytes: 'ZGF0YQ==' } } },
      null,
    ]);
    expect(await shown('bedrock', { type: 'document', source: base64('text/x-log') })).toMatchObject([
      { document: { format: 'txt' } },
      null,
    ]);
  });

  it.each([
    [{ type: 'image', source: base64('image/bmp') }, 'image'],
    [{ type: 'image', source: url('https://example.com/cat.png') }, 'image'],
    [{ type: 'document', source: { ...base64('application/zip'), data: 'AAEC' } }, 'document'],
    [{ type: 'audio', format: 'wav', data: 'ZGF0YQ==' }, 'audio'],
  ] as const)('leave a note for what it does not take: %j', async (given, name) => {
    const [part, dropped] = await shown('bedrock', given);
    expect(part).toEqual({ text: expect.stringContaining('left out') });
    expect(dropped).toBe(name);
  });

  it('come from a bucket', async () => {
    expect(await shown('bedrock', { type: 'image', source: url('s3://bucket/cat.png') })).toEqual([
      { image: { format: 'png', source: { s3Location: { uri: 's3://bucket/cat.png' } } } },
      null,
    ]);
  });
});

describe('a file among the results of a tool', () => {
  it.each(['google', 'vertex', 'bedrock'] as const)(
    'is not fetched by its address either (%s)',
    async (kind) => {
      const bait = await scripted((response) => response.end('x'));
      const address = `${bait.origin}/cat.png`;
      const request = await sent(kind, {
        turns: [
          { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'look', kind: 'function', input: '{}' }],
          },
          {
            role: 'user',
            parts: [
              {
                type: 'tool_result',
                callId: 'c1',
                isError: false,
                parts: [
                  { type: 'image', source: url(address) },
                  { type: 'document', source: { kind: 'text', text: 'words' } },
                ],
              },
            ],
          },
        ],
      });
      expect(bait.connections()).toBe(0);
      expect(request.body).toContain('image left out');
      expect(request.body).toContain('words');
      expect(request.body).not.toContain(address);
      expect(request.dropped).toBe('image');
    },
  );
});
