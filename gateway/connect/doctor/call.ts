/** Calls as a tool makes them, straight: which proxy an environment names is a finding of its own. */
import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';
import { DOCTOR_AGENT } from '../../catalogue/tools.ts';
import { type BaseShape, modelsUrl } from './address.ts';

const ANSWER_MS = 10_000;
/** A real model may think before its first token. */
const TRY_MS = 90_000;

/** What came of a call. */
export type Reached =
  | { kind: 'answer'; status: number; code: string | null; message: string; models: string[] }
  /** Something answers that is no gateway of this product. */
  | { kind: 'stranger'; status: number }
  /** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
  | { kind: 'untrusted'; code: string }
  | { kind: 'silent'; code: string };

/** Who answers at an address. */
export type Place = { kind: 'gateway'; instance: string } | Exclude<Reached, { kind: 'answer' }>;

interface Call {
  method: 'GET' | 'POST';
  key: string | null;
  body?: object;
  /** PEM, trusted besides the usual ones. */
  ca?: string | null;
  timeoutMs?: number;
}

/** Asks `/healthz`, where every gateway of this product says which process it is. */
export async function whoAnswers(origin: string, ca: string | null = null): Promise<Place> {
  const reached = await send(`${origin}/healthz`, { method: 'GET', key: null, ca });
  if ('failure' in reached) return reached.failure;
  const { instance, status } = reached;
  return instance === null ? { kind: 'stranger', status } : { kind: 'gateway', instance };
}

/** Lists models at a base URL. @param key goes to this gateway alone */
export function listModels(base: string, shape: BaseShape, key: string | null): Promise<Reached> {
  return ask(modelsUrl(base, shape), { method: 'GET', key });
}

/** One token of a model, in the protocol that the tool speaks. */
export function askModel(
  base: string,
  protocol: 'messages' | 'chat' | 'responses',
  key: string,
  model: string,
): Promise<Reached> {
  const messages = [{ role: 'user', content: 'Hello' }];
  const call = (body: object): Call => ({ method: 'POST', key, timeoutMs: TRY_MS, body });
  if (protocol === 'messages') return ask(`${base}/v1/messages`, call({ model, max_tokens: 1, messages }));
  if (protocol === 'chat') return ask(`${base}/chat/completions`, call({ model, max_tokens: 1, messages }));
  // The least that OpenAI takes for this protocol.
  return ask(`${base}/responses`, call({ model, max_output_tokens: 16, store: false, input: 'Hello' }));
}

async function ask(url: string, call: Call): Promise<Reached> {
  const reached = await send(url, call);
  if ('failure' in reached) return reached.failure;
  const { status, json } = reached;
  if (json === null) return { kind: 'stranger', status };
  const answer = json as { data?: { id: string }[]; error?: { code?: string; message?: string } };
  const models = Array.isArray(answer.data) ? answer.data.map(({ id }) => id) : [];
  const { code = null, message = '' } = answer.error ?? {};
  return { kind: 'answer', status, code, message, models };
}

interface Sent {
  status: number;
  instance: string | null;
  json: unknown;
}

async function send(
  url: string,
  { method, key, body, ca, timeoutMs = ANSWER_MS }: Call,
): Promise<Sent | { failure: Exclude<Reached, { kind: 'answer' }> }> {
  const agent = new Agent(ca ? { connect: { ca: [...rootCertificates, ca] } } : {});
  try {
    const answer = await request(url, {
      method,
      headers: {
        'user-agent': DOCTOR_AGENT,
        'anthropic-version': '2023-06-01',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher: agent,
    });
    const instance = answer.headers['x-ntl-instance'];
    const json = await answer.body.json().catch(() => null);
    return { status: answer.statusCode, instance: typeof instance === 'string' ? instance : null, json };
  } catch (error) {
    return { failure: failureOf(error) };
  } finally {
    await agent.destroy();
  }
}

function failureOf(error: unknown): Exclude<Reached, { kind: 'answer' }> {
  const { code = 'unknown error', name } = error as { code?: string; name?: string };
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) return { kind: 'untrusted', code };
  if (/^HPE_/.test(code)) return { kind: 'stranger', status: 0 };
  return { kind: 'silent', code: name === 'TimeoutError' ? 'no answer in time' : code };
}
