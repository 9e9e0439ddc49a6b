import type { Recipe } from '../../connect/recipe.ts';
import { RECIPES } from '../../connect/recipes.ts';
import { SETUPS } from '../../connect/setup/setups.ts';
import { placeOf, USUAL_ADDRESS } from './connect-place.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { isoTimeOrNull } from './values.ts';

/** Lines that point a tool at this gateway. Nothing is written anywhere. */
export function connectRoutes(app: AdminApp, parts: AdminParts): void {
  const { toolUse } = parts;
  const place = placeOf(parts);

  function tool({ id, label, group, speaks, fields, seenAs }: Recipe): contract.ConnectTool {
    const names = [...seenAs];
    return {
      id,
      label,
      group,
      speaks,
      fields,
      seenAs: names,
      setUp: SETUPS.some((setup) => setup.id === id),
      lastSeenAt: isoTimeOrNull(toolUse.latest(seenAs)),
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
      const { system: _, origin: address, ...told } = here;
      const silent = query.address === undefined && parts.runtime().addresses.length === 0;
      const notes = [...(silent ? [NOT_LISTENING] : []), ...recipe.notes(here)];
      return {
        ...tool(recipe),
        ...{ ...told, offered: [...told.offered], address, notes },
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
