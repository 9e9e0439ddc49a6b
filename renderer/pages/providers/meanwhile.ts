import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { inOrder } from '../../api/targets.ts';
import { PROVIDER_LOOKS } from '../../components/provider-look.ts';
import { plural } from '../../format.ts';

/** Where the models of providers in trouble go meanwhile: a sentence each. */
export function meanwhile(providers: readonly Provider[], models: readonly Model[]): string[] {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const isInTrouble = (id: string) => {
    const provider = byId.get(id);
    return provider === undefined || provider.state.kind === 'off' || isBad(provider);
  };
  return providers.filter(isBad).flatMap((provider) => {
    const first = models
      .map(({ targets }) => inOrder(targets, providers))
      .filter((targets) => targets[0]?.providerId === provider.id);
    const next = first.map((targets) => targets.find(({ providerId }) => !isInTrouble(providerId)));
    const names = new Set(next.flatMap((target) => byId.get(target?.providerId ?? '')?.name ?? []));
    const lost = next.filter((target) => target === undefined).length;
    const sentences: string[] = [];
    if (names.size > 0) {
      const whose = lost === 0 ? `${provider.name}’s models go` : `Of ${provider.name}’s models some go`;
      sentences.push(`${whose} to ${[...names].join(' and ')} meanwhile.`);
    }
    if (lost > 0) {
      const which = plural(lost, 'model');
      sentences.push(`${which} of ${provider.name} ${lost === 1 ? 'has' : 'have'} no other provider.`);
    }
    return sentences;
  });
}

function isBad({ state }: Provider): boolean {
  return PROVIDER_LOOKS[state.kind].tone === 'bad';
}
