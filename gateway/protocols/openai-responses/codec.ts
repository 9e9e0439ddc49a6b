/** OpenAI's Responses API, for callers and for providers. */
import type { Codec } from '../canonical/codec.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeError } from './decode-error.ts';
import { decodeResponsesRequest } from './decode-request.ts';
import { ResponsesStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { ResponsesStreamEncoder } from './encode-stream.ts';

export const responsesCodec: Codec = {
  decodeRequest: (body) => decodeResponsesRequest(body),
  encodeRequest,
  decodeAnswer,
  decodeStream: (origin) => new ResponsesStreamDecoder(origin),
  encodeAnswer,
  encodeStream: (context) => new ResponsesStreamEncoder(context),
  decodeError,
};
