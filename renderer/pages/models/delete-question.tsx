import type { Member, Model, Preset, Settings } from '../../../gateway/doors/admin/contract.ts';
import type { Question } from '../../components/confirm.tsx';
import { NameList } from '../../components/name-list.tsx';
import { plural } from '../../format.ts';

export interface References {
  /** Names that stand for the model. */
  aliases: readonly Model[];
  limits: number;
  /** Members who may use only some models, this one among them. */
  members: readonly Member[];
  presets: readonly Preset[];
  isDefault: boolean;
}

export function referencesTo(
  id: string,
  models: readonly Model[],
  members: readonly Member[],
  presets: readonly Preset[],
  settings: Settings | undefined,
  limits: number,
): References {
  return {
    aliases: models.filter(({ aliasOf }) => aliasOf === id),
    limits,
    members: members.filter(({ allowedModels }) => allowedModels?.includes(id) === true),
    presets: presets.filter(({ defaultModel }) => defaultModel === id),
    isDefault: settings?.defaultModel === id,
  };
}

/** Asks before a model goes, and says what refers to it. */
export function deleteQuestion({ id }: Model, references: References): Question {
  const { aliases, limits, members, presets, isDefault } = references;
  return {
    title: `Delete ${id}?`,
    message: (
      <>
        <p>Requests for it are refused from then on. Past requests stay in the audit.</p>
        {aliases.length > 0 && (
          <p>
            <NameList names={aliases.map((alias) => alias.id)} /> {aliases.length === 1 ? 'leads' : 'lead'}{' '}
            nowhere then.
          </p>
        )}
        {limits > 0 && (
          <p>
            {plural(limits, 'limit')} set for it {limits === 1 ? 'is' : 'are'} lifted.
          </p>
        )}
        {isDefault && (
          <p>
            <code>auto</code> stands for nothing then.
          </p>
        )}
        {presets.length > 0 && (
          <p>
            {presets.map(({ label }) => label).join(', ')}: the route takes the general default model then.
          </p>
        )}
        {members.length > 0 && (
          <p>The allow-list of {members.map(({ name }) => name).join(', ')} keeps the name.</p>
        )}
      </>
    ),
    action: 'Delete',
    destructive: true,
  };
}
