import { KEY_PLACEHOLDER, modelsToOffer, openaiBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** docs/models.md, docs/providers.md ("Auth File"), docs/settings.md of @mariozechner/pi-coding-agent */
export const pi: ToolSetup = {
  id: 'pi',
  marks: (machine) => ({ commands: ['pi'], paths: [folder(machine)] }),
  files(machine, place) {
    const { join } = pathsOf(machine);
    const models = modelsToOffer(place).map(({ id, images, contextWindow, maxOutputTokens }) => ({
      id,
      input: images ? ['text', 'image'] : ['text'],
      contextWindow,
      maxTokens: maxOutputTokens,
    }));
    // It asks for a key here, and takes the one of auth.json before it.
    const provider = { baseUrl: openaiBase(place), api: 'openai-completions', apiKey: 'NTL_KEY', models };
    return [
      {
        path: join(folder(machine), 'models.json'),
        format: 'jsonc',
        entries: [{ path: ['providers', 'ntl'], value: provider }],
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
};

function folder(machine: Machine): string {
  return folderOf(machine, 'PI_CODING_AGENT_DIR', inHome(machine, '.pi', 'agent'));
}
