import { listPrice } from '../../catalogue/list-price.ts';
import { publicFacts } from '../../catalogue/model-facts.ts';
import {
  AUTO_MODEL,
  ECHO_MODEL,
  type ModelTarget,
  type Model as StoredModel,
} from '../../catalogue/models.ts';
import { UNKNOWN_FACTS } from '../../protocols/model-facts.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { createdWithin, pageOfAll } from './lists.ts';
import { checkModel, targetsOf } from './model-checks.ts';
import { editedFacts, factsShape } from './model-facts.ts';
import { forgetModel, renameModel } from './model-references.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { given, isoTime } from './values.ts';

export function modelRoutes(app: AdminApp, parts: AdminParts): void {
  const { models, clock } = parts;

  function find(id: string): StoredModel {
    const model = models.get(id);
    if (model === undefined) throw notFound('model');
    return model;
  }

  function refuseTaken(id: string): void {
    if (id === AUTO_MODEL)
      throw conflict('The id auto stands for the default model: set that in the settings.', 'id');
    if (models.get(id) !== undefined)
      throw conflict(`There is a model ${id} already. Change that one.`, 'id');
  }

  function shape(model: StoredModel): contract.Model {
    return {
      ...model,
      targets: model.targets.map((target) => ({
        ...target,
        providerId: String(target.providerId),
        providerName: parts.providers.nameOf(target.providerId) ?? null,
        listPrice: listPriceOf(target),
      })),
      price: model.price && { ...model.price },
      facts: factsShape(model.facts),
      effectiveFacts: factsShape(publicFacts(parts, model)),
      bound: models.resolve(model.id) !== undefined,
      createdAt: isoTime(model.createdAt),
    };
  }

  function listPriceOf({ providerId, upstreamModel }: ModelTarget): contract.ListPrice | null {
    const provider = parts.providers.get(providerId);
    return provider === undefined ? null : listPrice(provider.kind, upstreamModel);
  }

  /** For the log of changes: what others tell of a model is no change of the owner's. */
  function noted(model: StoredModel) {
    const { effectiveFacts: _, targets, ...rest } = shape(model);
    return { ...rest, targets: targets.map(({ listPrice: __, ...target }) => target) };
  }

  app.get(
    '/models',
    {
      schema: {
        summary: 'All public models and aliases',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Model)),
      },
    },
    async ({ query }) => {
      const { data, pagination } = pageOfAll(createdWithin(models.list(), query), query);
      return { data: data.map(shape), pagination };
    },
  );

  app.get(
    '/models/:id',
    { schema: { summary: 'One model', params: IdParams, response: answers(contract.Model) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/models',
    { schema: { summary: 'Adds a model', body: contract.NewModel, response: answers(contract.Model, 201) } },
    async (request, reply) => {
      const { id, targets = [], multiplier = 1, price = null, aliasOf = null, enabled = true } = request.body;
      refuseTaken(id);
      const model: StoredModel = {
        ...{ id, multiplier, price, aliasOf, enabled },
        targets: targetsOf(targets, parts.providers),
        facts: editedFacts(UNKNOWN_FACTS, request.body.facts),
        createdAt: clock.wall(),
      };
      checkModel(model, models);
      checkFacts(model, request.body.facts);
      models.put(model);
      noteChange(parts, request, { action: 'model.create', subject: `model:${id}`, after: noted(model) });
      return reply.status(201).send(shape(model));
    },
  );

  app.patch(
    '/models/:id',
    {
      schema: {
        summary: 'Changes a model; a new id renames it everywhere',
        params: IdParams,
        body: contract.ModelPatch,
        response: answers(contract.Model),
      },
    },
    async (request) => {
      const before = find(request.params.id);
      const { id = before.id, targets, aliasOf, multiplier, price, enabled } = request.body;
      const renamed = id !== before.id;
      if (renamed) {
        if (before.id === ECHO_MODEL)
          throw conflict(`${ECHO_MODEL} is built in: it cannot be renamed.`, 'id');
        refuseTaken(id);
      }
      const model = {
        ...before,
        ...given({ multiplier, price, enabled }),
        ...routePatch(before, targets && targetsOf(targets, parts.providers), aliasOf),
        facts: editedFacts(before.facts, request.body.facts),
      };
      checkModel(model, models);
      checkFacts(model, request.body.facts);
      const was = noted(before);
      models.put(model);
      if (renamed) renameModel(parts, before.id, id);
      const changed = find(id);
      const after = noted(changed);
      noteChange(parts, request, { action: 'model.update', subject: `model:${id}`, before: was, after });
      return shape(changed);
    },
  );

  app.delete(
    '/models/:id',
    { schema: { summary: 'Removes a model', params: IdParams, response: answers(NoContent, 204) } },
    async (request, reply) => {
      const model = find(request.params.id);
      if (model.id === ECHO_MODEL) throw conflict(`${ECHO_MODEL} is built in: switch it off instead.`);
      const aliases = models.list().filter((other) => other.aliasOf === model.id);
      if (aliases.length > 0) {
        const names = aliases.map(({ id }) => id).join(', ');
        throw conflict(
          `These aliases stand for ${model.id}: ${names}. Let them stand for another model first.`,
        );
      }
      const before = noted(model);
      models.remove(model.id);
      forgetModel(parts, model.id);
      noteChange(parts, request, { action: 'model.delete', subject: `model:${model.id}`, before });
      return reply.status(204).send();
    },
  );
}

function checkFacts({ aliasOf }: StoredModel, patch: contract.FactsPatch | null | undefined): void {
  const said = Object.values(patch ?? {}).some((fact) => fact !== null && fact !== undefined);
  if (aliasOf !== null && said) {
    throw invalid('facts', `What is known of an alias is known of its model: change ${aliasOf}.`);
  }
}

/** A model has targets or is an alias: giving one alone takes the other's place. */
function routePatch(
  before: StoredModel,
  targets: StoredModel['targets'] | undefined,
  aliasOf: string | null | undefined,
): Pick<StoredModel, 'targets' | 'aliasOf'> {
  const givesTargets = targets !== undefined && targets.length > 0;
  const givesAlias = aliasOf !== undefined && aliasOf !== null;
  if (givesTargets && givesAlias) {
    throw invalid(
      'aliasOf',
      'Give either targets or aliasOf: an alias is served by the model it stands for.',
    );
  }
  if (givesAlias) return { targets: [], aliasOf };
  if (givesTargets) return { targets, aliasOf: null };
  return { targets: targets ?? before.targets, aliasOf: aliasOf === undefined ? before.aliasOf : null };
}
