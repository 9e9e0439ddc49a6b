/** Request bodies of a given size: a conversation about code, as agents send it, with all that JSON has to escape. */
import type { Script } from './calls.ts';

const QUESTION = 'Please read this file and say what is wrong with "parse":\n';
const CODE = [
  '\tconst fields = line.split("\\t"); // the "name", a tab, the value\n',
  "\tif (fields.length !== 2) throw new Error('Two fields make a line.');\n",
  '\tresult.set(fields[0], JSON.parse(fields[1]));\n',
].join('');
const ANSWER = 'It splits at every tab; a value that holds one is cut off. Split at the first one only.';

/** A file as long as people paste them. */
const FILE = QUESTION + CODE.repeat(10);

/**
 * @param bytes length of the whole body; the last question is filled up until it has it
 * @returns JSON that both protocols take
 */
export function requestBody(model: string, script: Script, bytes: number): string {
  const messages: { role: string; content: string }[] = [];
  const body = { model, stream: script !== 'json', max_tokens: 1_000, messages };
  const last = { role: 'user', content: '' };
  const empty = JSON.stringify(body).length + JSON.stringify(last).length;
  const turn = [
    { role: 'user', content: FILE },
    { role: 'assistant', content: ANSWER },
  ];
  const turns = Math.max(0, Math.floor((bytes - empty) / JSON.stringify(turn).length));
  for (let index = 0; index < turns; index += 1) messages.push(...turn);
  messages.push(last);
  last.content = 'x'.repeat(Math.max(1, bytes - JSON.stringify(body).length));
  return JSON.stringify(body);
}
