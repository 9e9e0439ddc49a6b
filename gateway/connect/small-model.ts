import type { Models } from '../catalogue/models.ts';

/** Names that makers give to their small, fast models: Haiku, mini, Flash, Lite, nano and the like. */
const SMALL = /(^|[^a-z])(haiku|mini|flash|lite|nano|small|fast|instant|air)($|[^a-z])/i;

/**
 * A small model for a tool's side jobs beside a large one: of the same provider where it has one.
 * @param model as the tool asks for it. @returns the same where there is no small one
 */
export function smallBeside(models: Pick<Models, 'list' | 'resolve'>, model: string): string {
  const served = models.resolve(model)?.served;
  if (served === undefined || served.targets.length === 0 || SMALL.test(model)) return model;
  const providers = new Set(served.targets.map(({ providerId }) => providerId));
  const beside = models
    .list()
    .filter(
      ({ id, targets }) => SMALL.test(id) && targets.some(({ providerId }) => providers.has(providerId)),
    )
    .filter(({ id }) => models.resolve(id) !== undefined);
  return beside[0]?.id ?? model;
}
