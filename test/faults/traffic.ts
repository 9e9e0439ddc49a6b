import { Agent, request } from 'undici';
import type { Random } from './random.ts';

/** An answer whose last byte has arrived, and what its row must say. */
export interface Delivered {
  requestId: string;
  inputTokens: number;
  outputTokens: number;
}

export interface TrafficKeys {
  /** Of the owner; without a limit that is met here. */
  free: string;
  /** Of a member with a day's limit. */
  capped: string;
  /** Of a member who pays from a balance. */
  prepaid: string;
}

export interface Traffic {
  readonly delivered: Delivered[];
  /** Answers with status 200 to the capped member, whole or not. */
  readonly cappedServed: number;
  /** Resolves once every client has stopped: the gateway is gone. */
  readonly ended: Promise<void>;
}

/** Asked for by the capped member alone, so that the provider can tell its requests. */
export const CAPPED_MODEL = 'for-the-capped';

interface Kind {
  key: keyof TrafficKeys;
  model: string;
  stream: boolean;
}

const KINDS: readonly Kind[] = [
  { key: 'free', model: 'ntl/echo', stream: false },
  { key: 'free', model: 'ntl/echo', stream: true },
  { key: 'free', model: 'gpt-4o', stream: false },
  { key: 'free', model: 'gpt-4o', stream: true },
  { key: 'capped', model: CAPPED_MODEL, stream: true },
  { key: 'prepaid', model: 'gpt-4o', stream: false },
  { key: 'prepaid', model: 'gpt-4o', stream: true },
];

const CLIENTS = 6;

/**
 * Clients that send one request after the other until the gateway is gone.
 * @param onEvent told of everything a client sees: headers, a piece of a body, its end
 */
export function startTraffic(url: string, keys: TrafficKeys, random: Random, onEvent: () => void): Traffic {
  const agent = new Agent({ connections: CLIENTS });
  const delivered: Delivered[] = [];
  let cappedServed = 0;

  async function one(kind: Kind): Promise<void> {
    const answer = await request(`${url}/v1/chat/completions`, {
      dispatcher: agent,
      method: 'POST',
      headers: { authorization: `Bearer ${keys[kind.key]}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: kind.model,
        max_tokens: 50,
        stream: kind.stream,
        ...(kind.stream ? { stream_options: { include_usage: true } } : {}),
        messages: [{ role: 'user', content: `say ${random.below(500)}` }],
      }),
    });
    onEvent();
    if (kind.key === 'capped' && answer.statusCode === 200) cappedServed++;
    let text = '';
    for await (const chunk of answer.body) {
      text += String(chunk);
      onEvent();
      // The stream's own end mark is its last byte to a client.
      if (kind.stream && text.endsWith('data: [DONE]\n\n')) break;
    }
    if (answer.statusCode !== 200) return;
    if (kind.stream && !text.endsWith('data: [DONE]\n\n')) return;
    delivered.push({ requestId: String(answer.headers['x-request-id']), ...usageIn(text) });
    onEvent();
  }

  async function client(): Promise<void> {
    for (;;) {
      try {
        await one(random.pick(KINDS));
      } catch {
        return;
      }
    }
  }

  const ended = Promise.all(Array.from({ length: CLIENTS }, client)).then(() => agent.destroy());
  return {
    delivered,
    get cappedServed() {
      return cappedServed;
    },
    ended,
  };
}

/** The usage the client was told, in an answer or in the last chunks of a stream. */
function usageIn(text: string): Omit<Delivered, 'requestId'> {
  const input = /"prompt_tokens":(\d+)/.exec(text)?.[1];
  const output = /"completion_tokens":(\d+)/.exec(text)?.[1];
  return { inputTokens: Number(input), outputTokens: Number(output) };
}
