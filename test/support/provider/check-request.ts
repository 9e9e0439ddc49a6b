/** The checks every request passes before the script is asked, in the order of the services. */
import type { Dialect } from './chat/dialect.ts';
import { checkAnthropicCredential, checkVersion, unknownAnthropicModel } from './messages/rules.ts';
import {
  badContentType,
  badJson,
  checkOpenaiCredential,
  unknownModel,
  unknownRoute,
} from './openai/rules.ts';
import { anthropicError, type Body, firstRefusal, isObject, type Refusal } from './refusal.ts';
import type { Recording } from './request.ts';
import { ROUTES, type RouteSpec } from './routes.ts';

/** What this provider accepts; see ProviderOptions. */
export interface Standards {
  credential: string | null;
  credentialHeader: 'authorization' | 'api-key';
  models: readonly string[] | null;
  /** Taken, but not in the lists. */
  unlisted: readonly string[];
  basePath: string;
  strict: boolean;
  realm: string;
  dialect: Dialect;
  /** Ids of the items kept so far. */
  stored: ReadonlySet<string>;
}

/** The service's refusal; undefined when the request may be answered. */
export function checkRequest(recording: Recording, standards: Standards): Refusal | undefined {
  const path = belowBase(recording.path, standards.basePath);
  const route = path === undefined ? undefined : ROUTES[path];
  if (path !== undefined && recording.method === 'GET' && isModelsPath(path)) {
    return checkCredential(recording, standards, asksAnthropic(recording) ? 'anthropic' : 'openai');
  }
  if (route === undefined || recording.method !== 'POST')
    return unknownRoute(recording.method, recording.path);
  return (
    checkCredential(recording, standards, route.family) ??
    (standards.strict && route.family === 'anthropic' ? checkVersion(recording.headers) : undefined) ??
    checkBody(recording, standards, route)
  );
}

function belowBase(path: string, basePath: string): string | undefined {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}

export function isModelsPath(path: string): boolean {
  return path === '/models' || path.startsWith('/models/');
}

/** Both services list models at the same path; the version header tells which one is meant. */
export function asksAnthropic(recording: Recording): boolean {
  return recording.headers['anthropic-version'] !== undefined;
}

function checkCredential(
  recording: Recording,
  standards: Standards,
  family: RouteSpec['family'],
): Refusal | undefined {
  const { credential, credentialHeader } = standards;
  if (credential === null) return undefined;
  return family === 'anthropic'
    ? checkAnthropicCredential(recording.headers, credential)
    : checkOpenaiCredential(recording.headers, credential, credentialHeader);
}

function checkBody(recording: Recording, standards: Standards, route: RouteSpec): Refusal | undefined {
  const { headers, json } = recording;
  const openai = route.family === 'openai';
  const contentType = headers['content-type'] ?? 'none';
  if (openai && standards.strict && !contentType.startsWith('application/json'))
    return badContentType(contentType);
  if (!isObject(json)) {
    return openai ? badJson() : anthropicError('The request body is not valid JSON: expected an object');
  }
  const { realm, dialect, stored } = standards;
  const betas = headers['anthropic-beta']?.toString().split(/\s*,\s*/) ?? [];
  const refusal = standards.strict
    ? firstRefusal(route.rules, json, { betas, realm, dialect, stored })
    : undefined;
  return refusal ?? checkModel(json, standards, openai);
}

function checkModel(body: Body, { models, unlisted }: Standards, openai: boolean): Refusal | undefined {
  if (models === null || [...models, ...unlisted].includes(String(body.model))) return undefined;
  return openai ? unknownModel(body.model) : unknownAnthropicModel(body.model);
}
