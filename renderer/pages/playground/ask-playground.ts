import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { PlaygroundEvent, PlaygroundRequest } from '../../../gateway/doors/admin/contract.ts';
import { askAdmin } from '../../api/admin-api.ts';

/**
 * Asks a model as one of the keys and hands on what comes, as it comes, to its last event or until `signal` aborts.
 * @throws AdminError when the gateway refuses to begin, TypeError when it cannot be reached or breaks off
 */
export async function askPlayground(
  body: PlaygroundRequest,
  signal: AbortSignal,
  onEvent: (event: PlaygroundEvent) => void,
): Promise<void> {
  const response = await askAdmin('/playground', { method: 'POST', body, signal });
  if (response.body === null) throw new TypeError('the answer has no body');
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (;;) {
    const { done, value } = await events.read();
    if (done) return;
    const event = { event: value.event ?? '', data: JSON.parse(value.data) } as PlaygroundEvent;
    onEvent(event);
  }
}
