import type { Provider, ProviderKindFacts, ProviderTest } from '../doors/admin/contract.ts';
import { plain, table } from './output.ts';
import { elapsed, yesNo } from './units.ts';

/** One line for people: whether a provider answered, and what it said. */
export function testText(provider: Provider, test: ProviderTest): string {
  const verdict = test.ok ? 'works' : 'does not work';
  return plain(`${provider.name} ${verdict} (${elapsed(test.latencyMs)}). ${test.message}`);
}

/** A table; `empty` where there are none. */
export function providersText(providers: readonly Provider[], empty: string): string {
  return table(
    providers,
    [
      { title: 'ID', of: (provider) => provider.id },
      { title: 'NAME', of: (provider) => provider.name },
      { title: 'KIND', of: (provider) => provider.kind },
      { title: 'ADDRESS', of: (provider) => provider.baseUrl },
      { title: 'CREDENTIAL', of: credentialText },
      { title: 'PRIORITY', of: (provider) => provider.priority, right: true },
      { title: 'STATE', of: stateText },
    ],
    empty,
  );
}

function credentialText({ hasCredential }: Provider): string {
  if (hasCredential === null) return 'vault out of reach';
  return hasCredential ? 'stored' : 'none';
}

function stateText({ enabled, health }: Provider): string {
  if (!enabled) return 'off';
  const ill = health.find((circuit) => circuit.state !== 'closed');
  return ill === undefined ? 'ok' : (ill.lastError ?? 'failing');
}

/** A table of what can be added. */
export function kindsText(kinds: readonly ProviderKindFacts[]): string {
  return table(
    kinds,
    [
      { title: 'KIND', of: (kind) => kind.id },
      { title: 'NAME', of: (kind) => kind.label },
      { title: 'ADDRESS', of: (kind) => kind.baseUrl ?? 'yours: --base-url' },
      { title: 'LOCAL', of: (kind) => yesNo(kind.local) },
      { title: 'CREDENTIAL', of: (kind) => kind.credential },
      { title: 'WHERE TO GET IT', of: (kind) => kind.helpUrl },
    ],
    'There are no kinds.',
  );
}
