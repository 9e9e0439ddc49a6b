/** The checks every request passes before the script is asked, in the order of the services. */
import { anthropicError, type Body, firstRefusal, isObject, type Refusal } from './refusal.ts';
import type { Recording } from './request.ts';
import { ROUTES, type Route } from './routes.ts';
import { checkAnthropicCredential, checkVersion, unknownAnthropicModel } from './rules-messages.ts';
import {
  badContentType,
  badJson,
  checkOpenaiCredential,
  unknownModel,
  unknownRoute,
} from './rules-openai.ts';

/** What this provider accepts; see ProviderOptions. */
export interface Standards {
  credential: string | null;
  credentialHeader: 'authorization' | 'api-key';
  models: readonly string[] | null;
  basePath: string;
  strict: boolean;
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
  family: Route['family'],
): Refusal | undefined {
  const { credential, credentialHeader } = standards;
  if (credential === null) return undefined;
  return family === 'anthropic'
    ? checkAnthropicCredential(recording.headers, credential)
    : checkOpenaiCredential(recording.headers, credential, credentialHeader);
}

function checkBody(recording: Recording, standards: Standards, route: Route): Refusal | undefined {
  const { headers, json } = recording;
  const openai = route.family === 'openai';
  const contentType = headers['content-type'] ?? 'none';
  if (openai && standards.strict && !contentType.startsWith('application/json'))
    return badContentType(contentType);
  if (!isObject(json)) {
    return openai ? badJson() : anthropicError('The request body is not valid JSON: expected an object');
  }
  const refusal = standards.strict
    ? firstRefusal(route.rules(headers['anthropic-beta'] !== undefined), json)
    : undefined;
  return refusal ?? checkModel(json, standards, openai);
}

function checkModel(body: Body, { models }: Standards, openai: boolean): Refusal | undefined {
  if (models === null || models.includes(String(body.model))) return undefined;
  return openai ? unknownModel(body.model) : unknownAnthropicModel(body.model);
}
