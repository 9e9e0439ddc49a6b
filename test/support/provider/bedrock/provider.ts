/**
 * A scripted Amazon Bedrock with its Converse API. Scripts, requests, gates and faults are those of `startProvider`.
 * Credentials are Bedrock API keys, or an access key of which the signature is not computed again.
 *
 * @example
 * await using bedrock = await startBedrockProvider();
 * bedrock.script(reply.text('hi'));
 * const aws = createAmazonBedrock({ baseURL: bedrock.url, region: 'us-east-1', apiKey: 'sk-provider' });
 */
import { isObject, type Refusal } from '../refusal.ts';
import { reply } from '../reply.ts';
import type { Recording } from '../request.ts';
import type { Route } from '../route.ts';
import { type Provider, type Service, serve, type Tls } from '../server.ts';
import { bedrockError, bedrockUsualError } from './errors.ts';
import { AWS_EVENT_STREAM } from './event-stream.ts';
import { renderConverse } from './render.ts';
import { checkConverse } from './rules.ts';

export interface BedrockOptions {
  /** The only API key accepted as Bearer token; default `sk-provider`. `null` accepts calls without one. */
  credential?: string | null;
  /** Access key id of signed requests; default: none is accepted. */
  accessKeyId?: string;
  /** Models that exist; default BEDROCK_MODELS. `null` accepts any name. */
  models?: readonly string[] | null;
  /** False accepts any body. Default true. */
  strict?: boolean;
  /** Proofs of thinking are taken back from providers of the same realm alone. */
  realm?: string;
  /** PEM texts; makes it an HTTPS server. */
  tls?: Tls;
}

export const BEDROCK_MODELS = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-opus-4-7',
  'us.amazon.nova-pro-v1:0',
] as const;

interface Standards {
  credential: string | null;
  accessKeyId: string | undefined;
  models: readonly string[] | null;
  strict: boolean;
  realm: string;
}

const HEADERS = { 'x-amzn-requestid': 'req_scripted' };

/** Starts it on a free port of 127.0.0.1. */
export function startBedrockProvider(options: BedrockOptions = {}): Promise<Provider> {
  const standards: Standards = {
    credential: options.credential === undefined ? 'sk-provider' : options.credential,
    accessKeyId: options.accessKeyId,
    models: options.models === undefined ? BEDROCK_MODELS : options.models,
    strict: options.strict ?? true,
    realm: options.realm ?? '',
  };
  const service: Service = {
    headers: HEADERS,
    pathOf: (recording) => decodeURIComponent(recording.path),
    check: (recording) => checkRequest(recording, standards),
    isScripted: (recording) => callOf(recording) !== undefined,
    usualReply: () => reply.text('ok'),
    routeOf: (recording) => routeOf(recording, standards),
  };
  return serve(service, options.tls);
}

function callOf({ path }: Recording): { model: string; streams: boolean } | undefined {
  const [, model, method] = path.match(/^\/model\/([^/]+)\/(converse|converse-stream)$/) ?? [];
  return model === undefined
    ? undefined
    : { model: decodeURIComponent(model), streams: method === 'converse-stream' };
}

function checkRequest(recording: Recording, standards: Standards): Refusal | undefined {
  const refused = checkCredential(recording, standards);
  if (refused !== undefined) return refused;
  const call = callOf(recording);
  if (call === undefined || recording.method !== 'POST') {
    return bedrockError('Unable to determine service/operation name to be authorized', 403);
  }
  if (standards.models !== null && !standards.models.includes(call.model)) {
    return bedrockError('The provided model identifier is invalid.');
  }
  const { json } = recording;
  if (!isObject(json)) return bedrockError('Unexpected end of JSON input', 400, 'SerializationException');
  return standards.strict ? checkConverse(json, call.model, standards.realm) : undefined;
}

function checkCredential(
  { headers }: Recording,
  { credential, accessKeyId }: Standards,
): Refusal | undefined {
  if (credential === null) return undefined;
  const sent = headers.authorization ?? '';
  const signedBy = sent.match(
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[^/]+\/bedrock\/aws4_request/,
  )?.[1];
  if (sent === `Bearer ${credential}`) return undefined;
  if (signedBy !== undefined && signedBy === accessKeyId && headers['x-amz-date'] !== undefined)
    return undefined;
  if (sent === '')
    return bedrockError('Missing Authentication Token', 403, 'MissingAuthenticationTokenException');
  return signedBy === undefined
    ? bedrockError('Authentication failed: Please make sure your API Key is valid.', 403)
    : bedrockError(
        'The security token included in the request is invalid.',
        403,
        'UnrecognizedClientException',
      );
}

function routeOf(recording: Recording, standards: Standards): Route {
  const streams = callOf(recording)?.streams ?? false;
  return {
    render: (turn, body) => renderConverse(turn, body, standards.realm),
    streams: () => streams,
    framing: AWS_EVENT_STREAM,
    headers: HEADERS,
    errorEvent: ({ message, type = 'modelStreamErrorException' }) => ({
      name: type,
      data: { message },
      exception: true,
    }),
    usualError: bedrockUsualError,
  };
}
