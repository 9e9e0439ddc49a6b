/** Refusals in the services' own form. A rule looks at a request and refuses it or lets it pass. */

import type { Dialect } from './chat/dialect.ts';
import type { Realm } from './proof.ts';

export type Body = Record<string, unknown>;

export interface Refusal {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

/** Looks at one thing only; undefined lets the request pass. */
export type Rule = (body: Body, context: RuleContext) => Refusal | undefined;

/** What a rule may know beside the body. */
export interface RuleContext {
  /** The request carries `anthropic-beta`; its names. */
  betas: readonly string[];
  /** Whose proofs of thinking are taken back. */
  realm: Realm;
  /** How this provider's Chat Completions differ from OpenAI's. */
  dialect: Dialect;
  /** What this provider keeps of its answers: ids of Responses items, reasoning of chats. */
  stored: ReadonlySet<string>;
}

/** The first rule that refuses decides, as in the services. */
export function firstRefusal(rules: readonly Rule[], body: Body, context: RuleContext): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(body, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The first refusal of those that `look` finds in a list. */
export function firstOf<T>(
  items: readonly T[],
  look: (item: T, index: number) => Refusal | undefined,
): Refusal | undefined {
  for (const [index, item] of items.entries()) {
    const refusal = look(item, index);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

interface OpenaiErrorFields {
  status?: number;
  type?: string;
  param?: string | null;
  code?: string | null;
}

/** `{error:{message,type,param,code}}`, status 400 unless told. */
export function openaiError(message: string, fields: OpenaiErrorFields = {}): Refusal {
  const { status = 400, type = 'invalid_request_error', param = null, code = null } = fields;
  return { status, body: { error: { message, type, param, code } } };
}

/** `{type:"error",error:{type,message},request_id}`, status 400 unless told. */
export function anthropicError(message: string, status = 400, type = 'invalid_request_error'): Refusal {
  return { status, body: { type: 'error', error: { type, message }, request_id: 'req_scripted' } };
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects of an array field; [] when it is no array. */
export function objectsOf(value: unknown): Body[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
