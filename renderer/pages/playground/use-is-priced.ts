import { useModels } from '../../api/lists.ts';

/** Whether anybody knows what a model costs; where nobody does, nothing is charged. */
export function useIsPriced(asked: string): boolean {
  const models = useModels().data ?? [];
  const named = models.find(({ id }) => id === asked);
  const served = named?.aliasOf == null ? named : models.find(({ id }) => id === named.aliasOf);
  // The built-in model has no targets, and costs nothing.
  if (served === undefined || served.targets.length === 0) return true;
  return served.price !== null || served.targets.some(({ listPrice }) => listPrice !== null);
}
