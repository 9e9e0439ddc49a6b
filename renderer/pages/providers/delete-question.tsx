import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import type { Question } from '../../components/confirm.tsx';
import { NameList } from '../../components/name-list.tsx';

/** Asks before a provider goes: its credential, and the targets that lead to it, go with it. */
export function deleteQuestion(provider: Provider, models: readonly Model[]): Question {
  const touched = models.filter(({ targets }) =>
    targets.some(({ providerId }) => providerId === provider.id),
  );
  const [left, lost] = split(touched, ({ targets }) =>
    targets.some(({ providerId }) => providerId !== provider.id),
  );
  const stranded = withAliases(lost, models);
  return {
    title: `Delete ${provider.name}?`,
    message: (
      <>
        <p>
          {provider.hasCredential === false ? '' : 'Its credential is removed from the vault. '}
          Its past requests stay in the audit.
        </p>
        {stranded.length > 0 && (
          <p>
            <NameList names={stranded} /> {stranded.length === 1 ? 'leads' : 'lead'} nowhere then: requests
            for {stranded.length === 1 ? 'it' : 'them'} are refused.
          </p>
        )}
        {left.length > 0 && (
          <p>
            <NameList names={left} /> {left.length === 1 ? 'goes' : 'go'} on at other providers.
          </p>
        )}
      </>
    ),
    action: 'Delete',
    destructive: true,
  };
}

function split(models: readonly Model[], test: (model: Model) => boolean): [string[], string[]] {
  const ids = (chosen: readonly Model[]) => chosen.map(({ id }) => id);
  return [ids(models.filter(test)), ids(models.filter((model) => !test(model)))];
}

/** Names that stand for a model which is lost are lost with it. */
function withAliases(lost: readonly string[], models: readonly Model[]): string[] {
  const names = new Set(lost);
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const { id, aliasOf } of models) if (aliasOf !== null && names.has(aliasOf)) names.add(id);
  }
  return [...names];
}
