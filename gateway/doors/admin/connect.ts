import { publicFacts } from '../../catalogue/model-facts.ts';
import { AUTO_MODEL, ECHO_MODEL } from '../../catalogue/models.ts';
import type { Place, Recipe } from '../../connect/recipe.ts';
import { RECIPES } from '../../connect/recipes.ts';
import { systemOf } from '../../connect/setup/machine.ts';
import { smallBeside } from '../../connect/small-model.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { isoTimeOrNull } from './values.ts';

/** Where the gateway would listen, for lines that are read before it does. */
const USUAL_ADDRESS = 'http://127.0.0.1:7411';

/** For tools that must be told and models of which nobody knows: what most of today's take. */
const USUAL_WINDOW = 128_000;
const USUAL_OUTPUT = 16_384;

/** Lines that point a tool at this gateway. Nothing is written anywhere. */
export function connectRoutes(app: AdminApp, parts: AdminParts): void {
  const { models, settings, toolUse } = parts;

  function tool({ id, label, group, speaks, fields, seenAs }: Recipe): contract.ConnectTool {
    const names = [...seenAs];
    return {
      id,
      label,
      group,
      speaks,
      fields,
      seenAs: names,
      lastSeenAt: isoTimeOrNull(toolUse.latest(seenAs)),
    };
  }

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

  app.get(
    '/connect/tools',
    { schema: { summary: 'Tools that can be pointed here', response: answers(contract.ConnectToolList) } },
    async () => ({ data: RECIPES.map(tool) }),
  );

  app.get(
    '/connect/tools/:id',
    {
      schema: {
        summary: 'How to point one tool here: the exact lines, for this machine and this model',
        params: IdParams,
        querystring: contract.ConnectQuery,
        response: answers(contract.ConnectRecipe),
      },
    },
    async ({ params, query }) => {
      const recipe = RECIPES.find(({ id }) => id === params.id);
      if (recipe === undefined) throw notFound('tool');
      const here = place(query);
      const { model, smallModel, origin, contextWindow, maxOutputTokens } = here;
      const silent = query.address === undefined && parts.runtime().addresses.length === 0;
      const notes = [...(silent ? [NOT_LISTENING] : []), ...recipe.notes(here)];
      const filled = { model, smallModel, address: origin, contextWindow, maxOutputTokens };
      return {
        ...tool(recipe),
        ...filled,
        notes,
        ways: recipe.ways(here),
        firstRequest: recipe.firstRequest,
      };
    },
  );
}

const NOT_LISTENING: contract.ConnectNote = {
  tone: 'warn',
  text: `The gateway listens at no address now. The lines name its usual one, ${USUAL_ADDRESS}.`,
};
