import type { OllamaRoute } from '../../protocols/ollama/asked.ts';

/** POST routes that ask a model. */
export const ASKING: readonly (readonly [url: string, route: OllamaRoute])[] = [
  ['/api/chat', 'chat'],
  ['/api/generate', 'generate'],
  ['/api/embed', 'embed'],
  ['/api/embeddings', 'embeddings'],
];

/** Those of them that are the inference API's while Ollama's is off. */
export const SHARED_URLS: readonly string[] = ['/api/chat', '/api/embeddings'];

/** What is told of models. */
export const TELLING = ['/api/version', '/api/tags', '/api/ps', '/api/show'] as const;
export type Telling = (typeof TELLING)[number];

/** What keeps models in order at Ollama; here the owner does that. */
export const KEEPING: readonly (readonly [method: 'POST' | 'DELETE' | 'HEAD', url: string])[] = [
  ['POST', '/api/pull'],
  ['POST', '/api/push'],
  ['POST', '/api/create'],
  ['POST', '/api/copy'],
  ['DELETE', '/api/delete'],
  ['HEAD', '/api/blobs/*'],
  ['POST', '/api/blobs/*'],
];

/** Every route that is Ollama's alone. */
export const OLLAMA_URLS: readonly string[] = [
  ...ASKING.map(([url]) => url).filter((url) => !SHARED_URLS.includes(url)),
  ...TELLING,
  ...KEEPING.map(([, url]) => url),
];
