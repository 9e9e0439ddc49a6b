import { useModels, useSettings } from './lists.ts';

/** What can be asked for now: the published models, and `auto` where it stands for one. */
export function useModelOptions(): string[] {
  const models = useModels().data ?? [];
  const chosen = useSettings().data?.defaultModel ?? null;
  const served = models.filter(({ bound, enabled }) => bound && enabled).map(({ id }) => id);
  return chosen !== null && !served.includes('auto') ? ['auto', ...served] : served;
}
