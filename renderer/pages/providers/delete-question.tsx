import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import type { Question } from '../../components/confirm.tsx';
import { NameList } from '../../components/name-list.tsx';

/** Asks before a provider goes: its credential, and the targets that lead to it, go with it. */
export function deleteQuestion(provider: Provider, models: readonly Model[]): Question {
  const touched = models.filter(({ targets }) =>
    targets.some(({ providerId }) => providerId === provider.id),
  );
  const [left, stranded] = split(touched, ({ targets }) =>
    targets.some(({ providerId }) => providerId !== provider.id),
  );
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
