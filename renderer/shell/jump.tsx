import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useLocation } from 'wouter';
import { useKeys, useMembers, useModels, useProviders } from '../api/lists.ts';
import { PLACES, SETTINGS } from './places.ts';

/** Ctrl K: goes to a page, or to a member, model, provider or key by name. */
export function Jump() {
  const [, navigate] = useLocation();
  const go = (path: string) => ({ onClick: () => navigate(path) });
  const members = useMembers().data ?? [];
  const named = new Map(members.map(({ id, name }) => [id, name]));
  const actions: SpotlightActionData[] = [
    ...[...PLACES, SETTINGS].map(({ path, label }) => ({ id: path, label, group: 'Pages', ...go(path) })),
    ...members.map(({ id, name, email }) => ({
      ...{ id: `member ${id}`, label: name, group: 'Members' },
      ...(email === null ? {} : { description: email }),
      ...go(`/members/${id}`),
    })),
    ...(useModels().data ?? []).map(({ id }) => ({
      ...{ id: `model ${id}`, label: id, group: 'Models' },
      ...go(`/models/${encodeURIComponent(id)}`),
    })),
    ...(useProviders().data ?? []).map(({ id, name, baseUrl }) => ({
      ...{ id: `provider ${id}`, label: name, description: baseUrl, group: 'Providers' },
      ...go(`/providers/${id}`),
    })),
    ...(useKeys().data ?? []).map(({ id, name, prefix, memberId }) => ({
      ...{
        id: `key ${id}`,
        label: name,
        description: `${prefix}… of ${named.get(memberId) ?? 'nobody'}`,
        group: 'Keys',
      },
      ...go(`/members/${memberId}`),
    })),
  ];
  const groups = [...new Set(actions.map(({ group }) => group ?? ''))];
  return (
    <Spotlight
      actions={groups.map((group) => ({
        group,
        actions: actions.filter((action) => action.group === group),
      }))}
      shortcut="mod + K"
      limit={8}
      nothingFound="Nothing found"
      searchProps={{ placeholder: 'Jump to a page, member, model, provider or key', 'aria-label': 'Jump to' }}
    />
  );
}
