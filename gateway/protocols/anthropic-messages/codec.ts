/** Anthropic Messages (https://platform.claude.com/docs/en/api/messages). */
import type { Codec } from '../canonical/codec.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { MessagesStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { MessagesStreamEncoder } from './encode-stream.ts';

export const messagesCodec: Codec = {
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  decodeStream: (origin) => new MessagesStreamDecoder(origin),
  encodeAnswer,
  encodeStream: (context) => new MessagesStreamEncoder(context),
  decodeError,
};
