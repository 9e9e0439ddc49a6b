import { KEY_PLACEHOLDER, modelsToOffer, openaiBase, type Place } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import { RUN_FOLDER, type ToolSetup } from '../tool-setup.ts';

/** docs/models.md, docs/providers.md ("Auth File"), docs/settings.md of @mariozechner/pi-coding-agent */
export const pi: ToolSetup = {
  id: 'pi',
  marks: (machine) => ({ commands: ['pi'], paths: [folder(machine)] }),
  files(machine, place) {
    const { join } = pathsOf(machine);
    return [
      {
        path: join(folder(machine), 'models.json'),
        format: 'jsonc',
        entries: [{ path: ['providers', 'ntl'], value: provider(place) }],
      },
      {
        path: join(folder(machine), 'settings.json'),
        format: 'jsonc',
        entries: [
          { path: ['defaultProvider'], value: 'ntl' },
          { path: ['defaultModel'], value: place.model },
        ],
      },
      {
        path: join(folder(machine), 'auth.json'),
        format: 'jsonc',
        entries: [{ path: ['ntl'], value: { type: 'api_key', key: KEY_PLACEHOLDER } }],
      },
    ];
  },
  // docs/extensions.md, docs/custom-provider.md: it takes a program by its path, and settings by none.
  start: (place) => ({
    command: 'pi',
    args: ['--extension', `${RUN_FOLDER}/ntl.ts`, '--provider', 'ntl', '--model', place.model],
    env: { NTL_KEY: KEY_PLACEHOLDER },
    files: {
      'ntl.ts': `export default (pi) => pi.registerProvider('ntl', ${JSON.stringify(extensionProvider(place))});\n`,
    },
  }),
};

/** It asks for a key here, and takes the one of auth.json before it. */
function provider(place: Place) {
  const models = modelsToOffer(place).map(({ id, images, contextWindow, maxOutputTokens }) => ({
    id,
    input: images ? ['text', 'image'] : ['text'],
    contextWindow,
    maxTokens: maxOutputTokens,
  }));
  return { baseUrl: openaiBase(place), api: 'openai-completions', apiKey: 'NTL_KEY', models };
}

/** An extension has to say all of it. */
function extensionProvider(place: Place) {
  const { models, ...rest } = provider(place);
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return { ...rest, models: models.map((model) => ({ ...model, name: model.id, reasoning: false, cost })) };
}

function folder(machine: Machine): string {
  return folderOf(machine, 'PI_CODING_AGENT_DIR', inHome(machine, '.pi', 'agent'));
}
