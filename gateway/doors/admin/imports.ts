import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { shownPath, thisMachine } from '../../connect/setup/machine.ts';
import { GatewayError } from '../../errors.ts';
import { hintOf } from '../../imports/credential.ts';
import type { Finding, Looked } from '../../imports/finding.ts';
import { freeName } from '../../imports/free-name.ts';
import { look } from '../../imports/look.ts';
import { isOneOf } from '../../imports/own-address.ts';
import type { Source } from '../../imports/source.ts';
import { filesThere, SOURCES } from '../../imports/sources.ts';
import { checkBaseUrl } from '../../providers/base-url.ts';
import type { Provider } from '../../providers/providers.ts';
import { OneAtATime } from '../../vault/one-at-a-time.ts';
import { VaultError } from '../../vault/vault.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { knownProviders } from './import-known.ts';
import { isInProcess, refuseRemote } from './local-request.ts';
import { ownAddresses } from './own-addresses.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { createProvider } from './provider-create.ts';
import { answers, IdParams } from './schemas.ts';

/**
 * Providers and keys that are set up elsewhere on this computer. Only whoever sits at it may look at them, whatever
 * else is opened; each look and each taking over is asked for by itself. No answer holds a credential.
 */
export function importRoutes(app: AdminApp, parts: AdminParts): void {
  /** A mark tells whether a finding changed. Without this key it would be one to try credentials on. */
  const markKey = randomBytes(32);
  /** A second press must find what the first one stored. */
  const taking = new OneAtATime();

  app.get(
    '/imports',
    {
      schema: {
        summary: 'Where providers may be set up already on this computer; no file is read for this',
        response: answers(contract.ImportSourceList),
      },
    },
    async (request) => {
      refuseElsewhere(request);
      const machine = thisMachine();
      const data = SOURCES.map((source) => {
        const files = filesThere(source, machine).map((path) => shownPath(machine, path));
        const { id, label, looksAt, file } = source;
        return {
          id,
          label,
          looksAt,
          file,
          files,
          isThere: files.length > 0 || source.isThere?.(machine) === true,
        };
      });
      return { data };
    },
  );

  app.post(
    '/imports/:id/look',
    {
      schema: {
        summary: 'Looks at one of these for providers that could be taken over; nothing is stored',
        params: IdParams,
        body: contract.ImportLook,
        response: answers(contract.ImportLooked),
      },
    },
    async (request) => {
      refuseElsewhere(request);
      const { findings, left, problems } = lookAt(sourceOf(request.params.id), request.body);
      const known = knownProviders(parts);
      const shown = await Promise.all(
        findings.map(async (finding) => shape(finding, await known(finding).catch(unlessVault))),
      );
      return { findings: shown, left, problems };
    },
  );

  app.post(
    '/imports/:id/take',
    {
      schema: {
        summary: 'Takes one finding over as a provider, looking anew; refused where it changed since',
        params: IdParams,
        body: contract.ImportTake,
        response: answers(z.object({ id: contract.Id, name: z.string() }), 201),
      },
    },
    async (request, reply) => {
      refuseElsewhere(request);
      const { finding: id, mark, name, ...body } = request.body;
      const source = sourceOf(request.params.id);
      const finding = lookAt(source, body).findings.find((one) => one.id === id);
      if (finding === undefined) throw conflict('It is not there any more. Look again.');
      if (markOf(finding) !== mark) throw conflict('It changed since you looked. Look again.');
      const provider = await taking.run(() => take(request, finding, name ?? finding.name));
      return reply.status(201).send({ id: String(provider.id), name: provider.name });
    },
  );

  app.post(
    '/imports/known',
    {
      schema: {
        summary: 'Which providers are there already, by address and key, for a caller that looked itself',
        body: contract.ImportKnownQuery,
        response: answers(contract.ImportKnown),
      },
    },
    async (request) => {
      refuseElsewhere(request);
      const known = knownProviders(parts);
      const wanted = request.body.providers.map(checkedAddress);
      return { data: await Promise.all(wanted.map(async (one) => brief(await known(one)))) };
    },
  );

  function lookAt(source: Source, { text, variables }: contract.ImportLook): Looked {
    if (source.file === 'chosen' && text === undefined)
      throw invalid('text', `A look at ${source.label} needs the text of a file.`);
    return look(source, {
      machine: thisMachine(),
      chosen: text === undefined ? undefined : { shown: 'The file', text },
      variables: variables === undefined ? undefined : { shown: 'The file of variables', text: variables },
      isOwn: isOneOf(ownAddresses(parts)),
    });
  }

  async function take(request: FastifyRequest, finding: Finding, name: string): Promise<Provider> {
    const known = await knownProviders(parts)(finding);
    if (known !== null) throw conflict(`The provider ${known.name} has this address and this key already.`);
    const { kind, baseUrl, credential, headers, source: importedFrom } = finding;
    const taken = parts.providers.list().map((provider) => provider.name);
    const wanted = { kind, baseUrl, credential, headers, importedFrom };
    return createProvider(parts, request, { ...wanted, name: freeName(name, taken) });
  }

  function shape(finding: Finding, known: Provider | null): contract.ImportFinding {
    const { credential, headers, source: _, ...rest } = finding;
    return {
      ...rest,
      headers: Object.keys(headers),
      hasKey: credential !== null,
      keyHint: hintOf(credential),
      known: brief(known),
      mark: markOf(finding),
    };
  }

  function markOf(finding: Finding): string {
    return createHmac('sha256', markKey).update(JSON.stringify(finding)).digest('base64url');
  }
}

function refuseElsewhere(request: FastifyRequest): void {
  if (!isInProcess(request.raw)) refuseRemote(request.raw);
}

function sourceOf(id: string): Source {
  const source = SOURCES.find((one) => one.id === id);
  if (source === undefined) throw notFound('source');
  return source;
}

function brief(provider: { id: number; name: string } | null) {
  return provider && { id: String(provider.id), name: provider.name };
}

/** A look is worth something while the vault is locked; taking over says so itself. */
function unlessVault(error: unknown): null {
  if (error instanceof VaultError) return null;
  throw error;
}

function checkedAddress<Wanted extends { baseUrl: string }>(wanted: Wanted, index: number): Wanted {
  try {
    return { ...wanted, baseUrl: checkBaseUrl(wanted.baseUrl) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The base URL is not right.';
    throw new GatewayError('invalid_request', message, { field: `providers[${index}].baseUrl` });
  }
}
