/** The fetch that the AI SDK is given: it goes over the provider's own connections, and nowhere else. */
import type { Transport } from '../exchange.ts';
import type { UpstreamAnswer } from '../upstream.ts';
import type { Access } from './access.ts';
import type { NativeKind } from './kinds.ts';
import { Refused, refusalOf } from './provider-error.ts';
import { readText } from './read-text.ts';
import type { Fetch } from './sdk.ts';

export interface NativeExchange {
  fetch: Fetch;
  /** Once there is one; the last of several. */
  answer(): { status: number; headers: Record<string, string> };
  /** The body, where it was read whole. */
  body(): string;
}

/** Longest error that is read. */
const MAX_ERROR_BYTES = 1024 * 1024;

export interface ExchangeOptions {
  kind: NativeKind;
  transport: Transport;
  access: Access;
  /** Every request must go below it. */
  base: string;
  /** The body is read to its end before the SDK gets it. */
  whole: boolean;
  signal: AbortSignal;
}

/**
 * Redirects are answers like any other, and refusals are thrown as `Refused`. The SDK's own names for itself
 * stay here. It must not fetch what it finds in a conversation: an address elsewhere is a fault of the program.
 */
export function nativeExchange(options: ExchangeOptions): NativeExchange {
  const { kind, transport, access, base, whole, signal } = options;
  let last = { status: 0, headers: {} as Record<string, string> };
  let text = '';

  async function fetch(...[input, init]: Parameters<Fetch>): Promise<Response> {
    const url = String(input);
    if (!url.startsWith(`${base}/`))
      throw new TypeError('the AI SDK asked for an address that is not the provider');
    const answer = await transport.sendWith(access.proof, {
      method: 'POST',
      url,
      family: 'openai',
      headers: headersOf(init?.headers, access),
      body: Buffer.from(String(init?.body ?? '')),
      signal,
    });
    last = { status: answer.status, headers: answer.headers };
    if (answer.status < 200 || answer.status >= 300) throw await refused(kind, answer);
    if (whole) text = await readText(answer.body);
    const body = answer.status === 204 ? null : whole ? text : streamOf(answer.body);
    return new Response(body, { status: answer.status, headers: answer.headers });
  }

  return { fetch, answer: () => last, body: () => text };
}

async function refused(kind: NativeKind, { status, headers, body, withoutCredential }: UpstreamAnswer) {
  const text = await readText(body, MAX_ERROR_BYTES);
  const shown = withoutCredential?.(Buffer.from(text)).toString('utf8') ?? text;
  return new Refused(refusalOf(kind, status, headers, shown));
}

/** What the SDK says of the credential is a placeholder, unless it signed the request. */
function headersOf(
  given: NonNullable<Parameters<Fetch>[1]>['headers'],
  { aws }: Access,
): Record<string, string> {
  const headers = new Headers(given);
  headers.delete('user-agent');
  if (aws === null) for (const name of ['authorization', 'x-goog-api-key']) headers.delete(name);
  headers.set('accept-encoding', 'identity');
  return Object.fromEntries(headers);
}

/** Bytes as they arrive. Giving the stream up ends the call. */
function streamOf(body: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    // Nothing is read before it is asked for, so that silence is measured while someone waits.
    { highWaterMark: 0 },
  );
}
