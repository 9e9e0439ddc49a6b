import { isBuiltIn, type Preset, untouched } from '../../catalogue/presets.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { given } from './values.ts';

export function presetRoutes(app: AdminApp, parts: AdminParts): void {
  const { presets, models } = parts;

  function find(id: string): Preset {
    const preset = presets.get(id);
    if (preset === undefined) throw notFound('preset');
    return preset;
  }

  function shape(preset: Preset): contract.Preset {
    const { id } = preset;
    return { ...preset, builtIn: isBuiltIn(id), changed: presets.isChanged(id), basePath: `/${id}/v1` };
  }

  /** `auto` would stand for itself. */
  function checkModel(id: string | null | undefined): void {
    if (id == null || models.get(id) !== undefined) return;
    throw invalid('defaultModel', 'There is no such model. Add it first.');
  }

  app.get(
    '/presets',
    { schema: { summary: 'All tool routes, built-in ones first', response: answers(contract.PresetList) } },
    async () => ({ data: presets.list().map(shape) }),
  );

  app.post(
    '/presets',
    {
      schema: {
        summary: 'Adds a tool route: it answers at once under /{id}/v1',
        body: contract.NewPreset,
        response: answers(contract.Preset, 201),
      },
    },
    async (request, reply) => {
      const { id, label = id, ...wanted } = request.body;
      if (presets.get(id) !== undefined)
        throw conflict(`There is a preset ${id} already. Change that one.`, 'id');
      checkModel(wanted.defaultModel);
      presets.put(edited(untouched(id, label), wanted));
      const after = find(id);
      noteChange(parts, request, { action: 'preset.create', subject: `preset:${id}`, after });
      return reply.status(201).send(shape(after));
    },
  );

  app.patch(
    '/presets/:id',
    {
      schema: {
        summary: 'Changes a tool route; requests already running go on as they began',
        params: IdParams,
        body: contract.PresetPatch,
        response: answers(contract.Preset),
      },
    },
    async (request) => {
      const before = find(request.params.id);
      checkModel(request.body.defaultModel);
      const after = edited(before, request.body);
      presets.put(after);
      noteChange(parts, request, { action: 'preset.update', subject: `preset:${after.id}`, before, after });
      return shape(after);
    },
  );

  app.delete(
    '/presets/:id',
    {
      schema: {
        summary: 'Removes a tool route; a built-in one is put back as it came',
        params: IdParams,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const before = find(request.params.id);
      const { id } = before;
      presets.remove(id);
      const builtIn = presets.get(id);
      noteChange(parts, request, {
        ...{ action: builtIn ? 'preset.reset' : 'preset.delete', subject: `preset:${id}`, before },
        ...(builtIn && { after: builtIn }),
      });
      return reply.status(204).send();
    },
  );
}

/** A prompt of blanks alone is none. */
function edited(
  preset: Preset,
  { label, systemPrompt, defaultModel, parameters }: contract.PresetPatch,
): Preset {
  const prompt = systemPrompt?.trim() === '' ? null : systemPrompt;
  return { ...preset, ...given({ label, systemPrompt: prompt, defaultModel, parameters }) };
}
