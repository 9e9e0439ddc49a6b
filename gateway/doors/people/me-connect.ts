import type { Member } from '../../accounts/members.ts';
import { publicFacts } from '../../catalogue/model-facts.ts';
import { AUTO_MODEL, ECHO_MODEL } from '../../catalogue/models.ts';
import { modelRoom } from '../../connect/model-room.ts';
import type { Place, Recipe } from '../../connect/recipe.ts';
import { RECIPES } from '../../connect/recipes.ts';
import { smallBeside } from '../../connect/small-model.ts';
import { usableModels } from '../../pipeline/usable-models.ts';
import { invalid, notFound } from '../admin/errors.ts';
import { answers, IdParams } from '../admin/schemas.ts';
import { callerOf } from '../member/caller.ts';
import type { MemberApp } from '../member/parts.ts';
import * as contract from './contract.ts';
import type { MeParts } from './parts.ts';

/** Lines that point a colleague's tool here, for the models it may use and the address its page was opened at. */
export function meConnectRoutes(app: MemberApp, parts: MeParts): void {
  function tool({ id, label, group, speaks, fields, seenAs }: Recipe) {
    // When a tool was last seen is told to the owner alone: it is anybody's. Files are written at the gateway's computer.
    return { id, label, group, speaks, fields, seenAs: [...seenAs], setUp: false, lastSeenAt: null };
  }

  function place(member: Member, query: contract.OwnRecipeQuery, ownOrigin: string): Place {
    const usable = usableModels(parts, member).map(({ requested }) => requested);
    const model = query.model === undefined ? usualOf(usable) : checked('model', query.model, usable);
    const stored = parts.models.get(model) ?? parts.models.get(parts.settings.get('default_model') ?? '');
    return {
      ...{ model, ...modelRoom(stored && publicFacts(parts, stored)), system: query.system ?? 'linux' },
      // Files are written at the gateway's computer alone.
      offered: [],
      origin: new URL(query.address ?? ownOrigin).origin,
      smallModel:
        query.smallModel === undefined
          ? smallOf(model, usable)
          : checked('smallModel', query.smallModel, usable),
    };
  }

  function smallOf(model: string, usable: readonly string[]): string {
    const small = smallBeside(parts.models, model);
    return usable.includes(small) ? small : model;
  }

  app.get('/connect/tools', { schema: { response: answers(contract.OwnTools) } }, async () => ({
    data: RECIPES.map(tool),
  }));

  app.get(
    '/connect/tools/:id',
    {
      schema: {
        params: IdParams,
        querystring: contract.OwnRecipeQuery,
        response: answers(contract.OwnRecipe),
      },
    },
    async (request) => {
      const recipe = RECIPES.find(({ id }) => id === request.params.id);
      if (recipe === undefined) throw notFound('tool');
      const scheme = 'encrypted' in request.raw.socket ? 'https' : 'http';
      const here = place(callerOf(request).member, request.query, `${scheme}://${request.host}`);
      const { system: _, origin: address, ...told } = here;
      const { firstRequest } = recipe;
      return {
        ...{ ...tool(recipe), ...told, offered: [...told.offered], address, firstRequest },
        ...{ notes: recipe.notes(here), ways: recipe.ways(here) },
      };
    },
  );
}

/** What stands for the owner's choice, else what answers of all there is. */
function usualOf(usable: readonly string[]): string {
  if (usable.includes(AUTO_MODEL)) return AUTO_MODEL;
  return usable.find((id) => id !== ECHO_MODEL) ?? ECHO_MODEL;
}

function checked(field: string, model: string, usable: readonly string[]): string {
  if (usable.includes(model)) return model;
  throw invalid(field, 'There is no such model that you may use.');
}
