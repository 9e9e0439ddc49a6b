import { createParser } from 'eventsource-parser';
import { answerText, STREAM_END } from '../answers.ts';
import type { Protocol, Script } from '../calls.ts';
import type { Answer } from './ask.ts';

/** What every answer of a round is held to; `checkAnswer` has read one like it word for word. */
export interface Expected {
  /** Length of the body in bytes. */
  bytes: number;
  /** The last characters, blanks aside. */
  ending: string;
}

/** A gateway's own ids and times may have a digit more or less. */
export const LENGTH_TOLERANCE = 64;

/** So many characters are the same in every answer: none has an id or a time in them. */
const ENDING = 12;

/**
 * Reads an answer as its client would: it must be 200, hold every word the provider sent, and end as it should.
 * @throws Error that names what is wrong, with the beginning of the answer
 */
export function checkAnswer(answer: Answer, protocol: Protocol, script: Script): Expected {
  const { status, body } = answer;
  const end = script === 'json' ? '}' : STREAM_END[protocol];
  const text =
    status !== 200 ? null : script === 'json' ? textOfJson(body, protocol) : textOfStream(body, protocol);
  if (text !== answerText(script) || !body.trimEnd().slice(-48).includes(end)) {
    throw new Error(`Answered ${status}, and not what the provider sent:\n${body.slice(0, 600)}`);
  }
  return { bytes: Buffer.byteLength(body), ending: body.trimEnd().slice(-ENDING) };
}

function textOfJson(body: string, protocol: Protocol): unknown {
  const answer = JSON.parse(body);
  return protocol === 'chat' ? answer.choices[0].message.content : answer.content[0].text;
}

function textOfStream(body: string, protocol: Protocol): string {
  let text = '';
  const parser = createParser({
    onEvent({ data }) {
      if (data === STREAM_END.chat) return;
      const event = JSON.parse(data);
      text += (protocol === 'chat' ? event.choices[0]?.delta.content : event.delta?.text) ?? '';
    },
  });
  parser.feed(body);
  return text;
}
