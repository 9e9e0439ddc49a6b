import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../errors.ts';

/**
 * Bodies are JSON. An empty one is none, whatever its type says.
 * @param types `any` for callers that present a key, whose type says nothing (curl calls all it sends a form); `json`
 *   where a browser's cookie lets in: a page of another site could post a form
 */
export function readJsonBodies(app: FastifyInstance, types: 'any' | 'json'): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  const type = types === 'any' ? '*' : 'application/json';
  app.addContentTypeParser(type, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    parseJson(request, String(body), (error, value) => done(error === null ? null : unreadable(), value));
  });
}

/** What the parser says may tell of the body. */
function unreadable(): GatewayError {
  return new GatewayError('invalid_request', 'The body is not valid JSON.');
}
