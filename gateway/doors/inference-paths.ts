import { ENDPOINTS, type Endpoint } from '../protocols/endpoint.ts';

/**
 * What people put before `/chat/completions` and the like. Tools append `/v1/…`, `/…` or the bare path to
 * whatever base URL was typed, so each way of typing it must lead to the same place.
 */
const GENERIC_PREFIXES = [
  '',
  '/v1',
  '/api',
  '/api/v1',
  '/v1/v1',
  '/api/v1/v1',
  '/api/api/v1',
  '/openai/v1',
  '/openai',
];

/** Cursor and others append Azure's path to an OpenAI base URL. */
const AZURE_PREFIXES = ['/openai/deployments/:deployment', '/v1/openai/deployments/:deployment'];

const PRESET_PREFIXES = ['/:preset/v1', '/:preset', '/:preset/v1/v1', '/api/:preset/v1', '/:preset/api/v1'];

/** Every route a path below the version segment answers under. */
export function inferenceRoutes(path: string): { url: string; preset: boolean }[] {
  return [
    ...[...GENERIC_PREFIXES, ...AZURE_PREFIXES].map((prefix) => ({ url: prefix + path, preset: false })),
    ...PRESET_PREFIXES.map((prefix) => ({ url: prefix + path, preset: true })),
  ];
}

/** POST routes and what they are; `/chat` is the short form. */
export const INFERENCE_PATHS: readonly (readonly [path: string, endpoint: Endpoint])[] = [
  ...Object.entries(ENDPOINTS).map(([endpoint, { path }]) => [path, endpoint as Endpoint] as const),
  ['/chat', 'chat'],
];

/** Every route of the inference API under every spelling, the lists of models included. */
export const INFERENCE_URLS: readonly string[] = [
  ...INFERENCE_PATHS.map(([path]) => path),
  ...['/models', '/models/*'],
].flatMap((path) => inferenceRoutes(path).map(({ url }) => url));
