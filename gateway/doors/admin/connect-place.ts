import { publicFacts } from '../../catalogue/model-facts.ts';
import { AUTO_MODEL, ECHO_MODEL } from '../../catalogue/models.ts';
import { modelRoom } from '../../connect/model-room.ts';
import type { OfferedModel, Place } from '../../connect/recipe.ts';
import { systemOf } from '../../connect/setup/machine.ts';
import { smallBeside } from '../../connect/small-model.ts';
import type * as contract from './contract.ts';
import { invalid } from './errors.ts';
import type { AdminParts } from './parts.ts';

/** Where the gateway would listen, for lines that are read before it does. */
export const USUAL_ADDRESS = 'http://127.0.0.1:7411';

/** Tools show their lists whole, and settings files are read by people. */
const MOST_OFFERED = 50;

/** Fills in what tools are told. @returns a function that throws GatewayError for a model that is not there */
export function placeOf(parts: AdminParts): (query: contract.ConnectQuery) => Place {
  const { models, settings } = parts;

  /** What answers of all that is published; the built-in echo aside. */
  function served() {
    return models.list().filter(({ id }) => id !== ECHO_MODEL && models.resolve(id) !== undefined);
  }

  /** The owner's default, else what answers of all there is. */
  function usualModel(): string {
    const chosen = settings.get('default_model');
    if (chosen !== null && models.resolve(chosen) !== undefined) return AUTO_MODEL;
    return served()[0]?.id ?? ECHO_MODEL;
  }

  function offered(): OfferedModel[] {
    return served()
      .slice(0, MOST_OFFERED)
      .map((model) => ({ id: model.id, ...modelRoom(publicFacts(parts, model)) }));
  }

  function checked(field: string, model: string): string {
    if (model === AUTO_MODEL || models.get(model) !== undefined) return model;
    throw invalid(field, 'There is no such model. Add it first.');
  }

  function place({ model, smallModel, address }: contract.ConnectQuery): Place {
    const asked = model === undefined ? usualModel() : checked('model', model);
    const [listening = USUAL_ADDRESS] = parts.runtime().addresses;
    const stored = models.get(asked) ?? models.get(settings.get('default_model') ?? '');
    return {
      origin: (address ?? listening).replace(/[?#].*$/, '').replace(/\/+$/, ''),
      system: systemOf(process.platform),
      model: asked,
      smallModel: smallModel === undefined ? smallBeside(models, asked) : checked('smallModel', smallModel),
      ...modelRoom(stored && publicFacts(parts, stored)),
      offered: offered(),
    };
  }

  return place;
}
