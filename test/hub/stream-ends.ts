/** How an answer's bytes end for a client of a protocol. */
import { createParser } from 'eventsource-parser';
import type { Client } from './clients/client.ts';

/** `open`: without the protocol's end, as a client sees a cut connection. */
export type StreamEnd = 'whole' | 'error' | 'open';

export function endOf(protocol: Client['protocol'], text: string): StreamEnd {
  if (!text.includes('data:')) return isErrorBody(text) ? 'error' : 'open';
  const events: { event: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data }) });
  parser.feed(text);
  if (events.some(({ event, data }) => event === 'error' || isErrorBody(data))) return 'error';
  const last = events.at(-1);
  switch (protocol) {
    case 'openai-chat':
      return last?.data === '[DONE]' ? 'whole' : 'open';
    case 'anthropic-messages':
      return last?.event === 'message_stop' ? 'whole' : 'open';
    case 'openai-responses':
      return last?.event === 'response.completed' || last?.event === 'response.incomplete' ? 'whole' : 'open';
  }
}

function isErrorBody(text: string): boolean {
  try {
    const { error, response } = JSON.parse(text);
    return (error ?? response?.error ?? null) !== null;
  } catch {
    return false;
  }
}
