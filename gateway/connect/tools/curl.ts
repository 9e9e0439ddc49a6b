import { inPowerShell, inShell } from '../format.ts';
import {
  anthropicBase,
  type Block,
  KEY_PLACEHOLDER,
  openaiBase,
  type Place,
  type Recipe,
} from '../recipe.ts';

const HELLO = 'Say hello.';

/** https://curl.se/docs/manpage.html; on Windows PowerShell's own command, which needs no second quoting. */
export const curl: Recipe = {
  id: 'curl',
  label: 'curl',
  group: 'code',
  speaks: 'Speaks whatever you type: each of the three APIs answers for every model.',
  fields: ['model'],
  seenAs: ['curl'],
  notes: () => [],
  ways: (place) => [
    {
      id: 'chat',
      label: 'Chat Completions',
      blocks: [
        request(place, `${openaiBase(place)}/chat/completions`, {
          model: place.model,
          messages: [{ role: 'user', content: HELLO }],
        }),
      ],
    },
    {
      id: 'messages',
      label: 'Messages',
      blocks: [
        request(place, `${anthropicBase(place)}/v1/messages`, {
          model: place.model,
          max_tokens: 1_024,
          messages: [{ role: 'user', content: HELLO }],
        }),
      ],
    },
    {
      id: 'responses',
      label: 'Responses',
      blocks: [request(place, `${openaiBase(place)}/responses`, { model: place.model, input: HELLO })],
    },
  ],
  firstRequest: 'Run the lines in a terminal.',
};

function request({ system }: Place, url: string, body: object): Block {
  const json = JSON.stringify(body);
  const title = 'In a terminal';
  if (system === 'windows') {
    const lines = [
      `Invoke-RestMethod ${inPowerShell(url)} -Method Post -ContentType 'application/json' \``,
      `  -Headers @{ Authorization = 'Bearer ${KEY_PLACEHOLDER}' } \``,
      `  -Body ${inPowerShell(json)} | ConvertTo-Json -Depth 9`,
    ];
    return { title, text: lines.join('\n'), language: 'powershell' };
  }
  const lines = [
    `curl ${inShell(url)} \\`,
    `  -H 'Authorization: Bearer ${KEY_PLACEHOLDER}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${inShell(json)}`,
  ];
  return { title, text: lines.join('\n'), language: 'shell' };
}
