import { publicFacts } from '../../catalogue/model-facts.ts';
import { AUTO_MODEL, ECHO_MODEL } from '../../catalogue/models.ts';
import type { Place } from '../../connect/recipe.ts';
import { systemOf } from '../../connect/setup/machine.ts';
import { smallBeside } from '../../connect/small-model.ts';
import type * as contract from './contract.ts';
import { invalid } from './errors.ts';
import type { AdminParts } from './parts.ts';

/** Where the gateway would listen, for lines that are read before it does. */
export const USUAL_ADDRESS = 'http://127.0.0.1:7411';

/** For tools that must be told and models of which nobody knows: what most of today's take. */
const USUAL_WINDOW = 128_000;
const USUAL_OUTPUT = 16_384;

/** Fills in what tools are told. @returns a function that throws GatewayError for a model that is not there */
export function placeOf(parts: AdminParts): (query: contract.ConnectQuery) => Place {
  const { models, settings } = parts;

  /** The owner's default, else what answers of all there is. */
  function usualModel(): string {
    const chosen = settings.get('default_model');
    if (chosen !== null && models.resolve(chosen) !== undefined) return AUTO_MODEL;
    const served = models.list().filter(({ id }) => id !== ECHO_MODEL && models.resolve(id) !== undefined);
    return served[0]?.id ?? ECHO_MODEL;
  }

  function checked(field: string, model: string): string {
    if (model === AUTO_MODEL || models.get(model) !== undefined) return model;
    throw invalid(field, 'There is no such model. Add it first.');
  }

  function place({ model, smallModel, address }: contract.ConnectQuery): Place {
    const asked = model === undefined ? usualModel() : checked('model', model);
    const [listening = USUAL_ADDRESS] = parts.runtime().addresses;
    const stored = models.get(asked) ?? models.get(settings.get('default_model') ?? '');
    const facts = stored && publicFacts(parts, stored);
    const contextWindow = facts?.contextWindow ?? USUAL_WINDOW;
    return {
      origin: (address ?? listening).replace(/[?#].*$/, '').replace(/\/+$/, ''),
      system: systemOf(process.platform),
      model: asked,
      smallModel: smallModel === undefined ? smallBeside(models, asked) : checked('smallModel', smallModel),
      contextWindow,
      // A small window must have room for what is asked, too.
      maxOutputTokens: Math.min(facts?.maxOutputTokens ?? USUAL_OUTPUT, Math.floor(contextWindow / 2)),
    };
  }

  return place;
}
