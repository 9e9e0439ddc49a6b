import type { Codec } from '../canonical/codec.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { ChatStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { ChatStreamEncoder } from './encode-stream.ts';

/** OpenAI's chat completions: https://platform.openai.com/docs/api-reference/chat */
export const chatCodec: Codec = {
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  decodeStream: (origin) => new ChatStreamDecoder(origin),
  encodeAnswer,
  encodeStream: (context) => new ChatStreamEncoder(context),
  decodeError,
};
