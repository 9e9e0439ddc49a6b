import { PROVIDERS } from '../../providers/catalogue.ts';
import { isLoopback } from '../../providers/dispatcher.ts';
import { findLocalRuntimes } from '../../providers/local-runtimes.ts';
import { hangUpSignal } from '../client-connection.ts';
import * as contract from './contract.ts';
import { wholeList } from './lists.ts';
import { ownAddresses } from './own-addresses.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';

export function localRuntimeRoutes(app: AdminApp, parts: AdminParts): void {
  const { providers, localPorts = {} } = parts;

  app.get(
    '/local-runtimes',
    {
      schema: {
        summary: 'Servers of local models that answer on this computer now, at their usual ports',
        response: answers(contract.LocalRuntimeList),
      },
    },
    async (_request, reply) => {
      const own = ownAddresses(parts).map((address) => new URL(address).port);
      const found = await findLocalRuntimes(localPorts, own, hangUpSignal(reply.raw));
      const shown = found.map(({ kind, baseUrl, models }) => ({
        ...{ kind, baseUrl, models },
        label: PROVIDERS[kind].label,
      }));
      const running = shown.flatMap(({ models, ...runtime }) =>
        models === null ? [] : [{ ...runtime, models, providerId: providerAt(runtime.baseUrl) }],
      );
      return { ...wholeList(running), notFound: shown.filter(({ models }) => models === null) };
    },
  );

  /** A provider that leads to the same port of this computer, whatever it calls this computer. */
  function providerAt(baseUrl: string): string | null {
    const { port } = new URL(baseUrl);
    const provider = providers.list().find((candidate) => {
      const url = new URL(candidate.baseUrl);
      return url.port === port && url.protocol === 'http:' && isThisComputer(url.hostname);
    });
    return provider === undefined ? null : String(provider.id);
  }
}

function isThisComputer(hostname: string): boolean {
  return isLoopback(hostname) || hostname === '0.0.0.0';
}
