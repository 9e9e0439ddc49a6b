import { type Block, KEY_PLACEHOLDER, openaiBase, type Place, type Recipe } from '../recipe.ts';

/** https://github.com/openai/openai-python, https://github.com/openai/openai-node */
export const openaiSdk: Recipe = {
  id: 'openai-sdk',
  label: 'OpenAI SDK',
  group: 'code',
  speaks: 'Speaks Chat Completions and Responses. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['openai-sdk'],
  notes: () => [
    {
      tone: 'info',
      text: 'Both SDKs read OPENAI_BASE_URL and OPENAI_API_KEY too, and then need no arguments.',
    },
  ],
  ways: (place) => [
    { id: 'python', label: 'Python', blocks: [python(place)] },
    { id: 'typescript', label: 'TypeScript', blocks: [typescript(place)] },
  ],
  firstRequest: 'Run the program.',
};

function python(place: Place): Block {
  const text = `from openai import OpenAI

client = OpenAI(
    base_url=${JSON.stringify(openaiBase(place))},
    api_key=${JSON.stringify(KEY_PLACEHOLDER)},
)
answer = client.chat.completions.create(
    model=${JSON.stringify(place.model)},
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)`;
  return { title: 'hello.py, after pip install openai', text, language: 'python' };
}

function typescript(place: Place): Block {
  const text = `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: ${JSON.stringify(openaiBase(place))},
  apiKey: ${JSON.stringify(KEY_PLACEHOLDER)},
});
const answer = await client.chat.completions.create({
  model: ${JSON.stringify(place.model)},
  messages: [{ role: 'user', content: 'Say hello.' }],
});
console.log(answer.choices[0].message.content);`;
  return { title: 'hello.ts, after npm install openai', text, language: 'typescript' };
}
