import type { ServerResponse } from 'node:http';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsIn, modelAt, opened, scripted } from './setup.ts';

/** One event of `streamGenerateContent?alt=sse`. */
export function sse(chunk: unknown): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}

export function said(...parts: unknown[]) {
  return { candidates: [{ content: { role: 'model', parts } }] };
}

export function finished(finishReason: string, usageMetadata: unknown = { promptTokenCount: 3 }) {
  return { candidates: [{ finishReason }], usageMetadata };
}

export function eventStreamHead(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** The gateway's events for what Gemini streams. */
export async function streamed(chunks: readonly unknown[]): Promise<CanonicalEvent[]> {
  const server = await scripted((response) => {
    eventStreamHead(response);
    response.end(chunks.map(sse).join(''));
  });
  return eventsIn(await opened(await modelAt('google', server.origin), 'google'));
}
