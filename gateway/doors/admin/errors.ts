import type { FastifyError, FastifySchemaCompiler } from 'fastify';
import type { core, ZodType } from 'zod';
import { GatewayError } from '../../errors.ts';
import { asUnavailable, StoreUnavailable } from '../../store/store-errors.ts';
import { VaultError } from '../../vault/vault.ts';

export function invalid(field: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { field });
}

export function notFound(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}. It may have been deleted.`);
}

export function conflict(message: string, field?: string): GatewayError {
  return new GatewayError('conflict', message, field === undefined ? {} : { field });
}

/** Fastify's validator: a body or a query that breaks its schema becomes an error that names the field. */
export const validatorCompiler: FastifySchemaCompiler<ZodType> =
  ({ schema }) =>
  (data) => {
    const result = schema.safeParse(data);
    return result.success ? { value: result.data } : { error: schemaError(result.error.issues) };
  };

/** @throws GatewayError `invalid_request` that names the first field that is wrong */
export function parsed<Output>(schema: ZodType<Output>, data: unknown): Output {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw schemaError(result.error.issues);
}

/** Zod's messages tell what was expected, and never the value that came. */
function schemaError(issues: readonly core.$ZodIssue[]): GatewayError {
  const [issue] = issues;
  if (issue === undefined) return invalid('', 'The request is not right.');
  if (issue.code === 'unrecognized_keys') {
    const field = pathText([...issue.path, issue.keys[0] ?? '']);
    return invalid(field, `The field ${field} is not known here. Check its spelling, or leave it out.`);
  }
  const field = pathText(issue.path);
  if (field === '') {
    return new GatewayError('invalid_request', 'The request needs a JSON object as its body.');
  }
  if (issue.message.endsWith('received undefined')) return invalid(field, `The field ${field} is missing.`);
  const isZods = /^(Invalid|Too|Unrecognized)\b/.test(issue.message);
  return invalid(field, isZods ? `The field ${field} is not right. ${issue.message}.` : issue.message);
}

/** `['targets', 0, 'providerId']` becomes `targets[0].providerId`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** Turns whatever was thrown into an error fit for an answer; what is nobody's fault but ours becomes `internal`. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof VaultError)
    return new GatewayError('vault_unavailable', error.message, { cause: error });
  const stored = asUnavailable(error);
  if (stored instanceof StoreUnavailable) {
    return new GatewayError('audit_unavailable', stored.message, { cause: error });
  }
  if (isFastifyError(error)) {
    if (error.statusCode === 413) return new GatewayError('request_too_large', 'The body is too large.');
    if (error.statusCode === 415) {
      return new GatewayError(
        'invalid_request',
        'The body must be JSON: send content-type application/json.',
      );
    }
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
      return new GatewayError('invalid_request', error.message);
    }
  }
  return new GatewayError('internal', 'The gateway failed to handle the request.', { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('FST_');
}
