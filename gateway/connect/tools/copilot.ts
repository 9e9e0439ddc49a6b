import { inVsCode, jsonFile, terminal } from '../format.ts';
import {
  itsModelAlone,
  KEY_PLACEHOLDER,
  modelsToOffer,
  openaiBase,
  type Place,
  type Recipe,
} from '../recipe.ts';

/** https://code.visualstudio.com/docs/agent-customization/language-models, `copilot help providers` */
export const copilot: Recipe = {
  id: 'copilot',
  label: 'GitHub Copilot',
  group: 'editors',
  speaks: 'Speaks OpenAI style here, in VS Code and in the terminal. Any model here works.',
  fields: ['model'],
  seenAs: ['copilot'],
  notes: () => [
    {
      tone: 'info',
      text: 'In a chatLanguageModels.json that has entries already, add the one within the brackets. VS Code may be told the key by its own dialog too: Chat: Manage Language Models, Custom Endpoint.',
    },
    {
      tone: 'info',
      text: 'Completions while you type stay with GitHub. With Copilot Business or Enterprise, the organization must allow models of your own.',
    },
  ],
  ways: (place) => [
    {
      id: 'vscode',
      label: 'VS Code',
      blocks: [jsonFile(inVsCode(place, 'chatLanguageModels.json'), [customEndpoint(itsModelAlone(place))])],
    },
    {
      id: 'shell',
      label: 'Copilot CLI',
      blocks: [terminal(place, 'In a terminal', variables(place), 'copilot')],
    },
  ],
  firstRequest: 'Choose the model in the chat of VS Code, or start copilot, and say hello.',
};

/** Of VS Code. */
export function customEndpoint(place: Place) {
  return {
    name: 'NoTokenLimit',
    vendor: 'customendpoint',
    apiKey: KEY_PLACEHOLDER,
    apiType: 'chat-completions',
    models: modelsToOffer(place).map(({ id, images, contextWindow, maxOutputTokens }) => ({
      id,
      name: id,
      url: `${openaiBase(place)}/chat/completions`,
      toolCalling: true,
      vision: images,
      maxInputTokens: contextWindow - maxOutputTokens,
      maxOutputTokens,
    })),
  };
}

/** Of Copilot CLI. */
export function variables(place: Place): Record<string, string> {
  return {
    COPILOT_PROVIDER_BASE_URL: openaiBase(place),
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_WIRE_API: 'completions',
    COPILOT_PROVIDER_API_KEY: KEY_PLACEHOLDER,
    COPILOT_MODEL: place.model,
  };
}
