/** A stream as it is on the wire, event by event, for what SDKs hide or do not take. */
import { text } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';
import { openPost } from './open-post.ts';

export interface ReadEvent {
  /** Undefined where the event has none. */
  name: string | undefined;
  /** Parsed where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: events are looked into field by field by the tests
  data: any;
}

/** Asks for a stream and reads it to its end. */
export async function readEvents(origin: string, body: object, path: string): Promise<ReadEvent[]> {
  const response = await openPost(origin, { ...body, stream: true }, path);
  const events: ReadEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event, data: parsed(data) }),
  });
  parser.feed(await text(response));
  return events;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
