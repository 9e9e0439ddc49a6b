import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { EventData } from '../../gateway/doors/admin/contract.ts';
import { askAdmin } from './admin-api.ts';

export type LiveEvent = { [Type in keyof EventData]: { type: Type; data: EventData[Type] } }[keyof EventData];

const KNOWN = new Set<string>([
  'request',
  'progress',
  'skipped',
  'alert',
  'change',
  'provider',
  'state',
] satisfies LiveEvent['type'][]);

/**
 * What happens in the gateway, as it happens, until the connection ends or `signal` aborts. Read with `fetch`
 * rather than EventSource, which tells no status and takes only web schemes for granted.
 * @param onOpen the gateway listens to nobody yet who asks before this
 * @throws AdminError when the gateway refuses, TypeError when it cannot be reached
 */
export async function watchEvents(
  signal: AbortSignal,
  onOpen: () => void,
  onEvent: (event: LiveEvent) => void,
): Promise<void> {
  const response = await askAdmin('/events', { signal });
  if (response.body === null) return;
  onOpen();
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (;;) {
    const { done, value } = await events.read();
    if (done) return;
    const { event: type = 'message', data } = value;
    // A newer gateway may tell more than this page knows.
    if (KNOWN.has(type)) onEvent({ type, data: JSON.parse(data) } as LiveEvent);
  }
}
