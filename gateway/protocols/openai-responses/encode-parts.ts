/** Parts as contents of messages and outputs of tools. */
import type { Dropped } from '../canonical/dropped.ts';
import type {
  AudioPart,
  DocumentPart,
  ImagePart,
  RefusalPart,
  TextPart,
  ToolResultPart,
} from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { annotationsOf } from './annotations.ts';
import { dataUrl } from './sources.ts';

type MediaPart = TextPart | ImagePart | DocumentPart;

/** How a failed call is told: an output has no mark for it. */
const FAILURE = 'Error: ';
const SAYS_FAILURE = /^\W*error\b/i;

/** `file_data` is refused without a name. */
const UNNAMED_FILE = 'document.pdf';

export function inputContent(part: MediaPart | AudioPart, dropped: Dropped): JsonObject {
  if (part.type !== 'audio') return mediaContent(part);
  // The protocol names no audio among the contents of a message (`ResponseInputContent`).
  dropped.add('audio');
  return { type: 'input_text', text: '[audio left out: this model cannot be given it]' };
}

/**
 * A message of the model. Text alone goes as a plain string: servers that check strictly take a content part
 * `output_text` only with the id that the message had there
 * (https://github.com/openai/codex/issues/12669), and invented ids are none.
 */
export function assistantMessage(part: TextPart | RefusalPart): JsonObject {
  if (part.type === 'refusal') return message([{ type: 'refusal', refusal: part.text }]);
  const annotations = annotationsOf(part);
  return message(
    annotations.length === 0 ? part.text : [{ type: 'output_text', text: part.text, annotations }],
  );
}

function message(content: string | JsonObject[]): JsonObject {
  return { type: 'message', role: 'assistant', content };
}

/** Text alone goes as a string, which every server takes. */
export function toolOutput({ parts, isError }: ToolResultPart): string | JsonObject[] {
  const told = isError ? asFailure(parts) : parts;
  const texts = told.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === told.length ? texts.join('\n') : told.map(mediaContent);
}

function asFailure(parts: ToolResultPart['parts']): ToolResultPart['parts'] {
  const [first, ...rest] = parts;
  if (first?.type !== 'text') return [{ type: 'text', text: 'Error' }, ...parts];
  if (SAYS_FAILURE.test(first.text)) return parts;
  return [{ ...first, text: FAILURE + first.text }, ...rest];
}

function mediaContent(part: MediaPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', ...imageSource(part), detail: part.detail ?? 'auto' };
    case 'document':
      return documentContent(part);
  }
}

function imageSource({ source }: ImagePart): JsonObject {
  switch (source.kind) {
    case 'base64':
      return { image_url: dataUrl(source) };
    case 'url':
      return { image_url: source.url };
    case 'file':
      return { file_id: source.id };
  }
}

function documentContent({ source, name }: DocumentPart): JsonObject {
  const named = name === undefined ? {} : { filename: name };
  switch (source.kind) {
    case 'base64':
      return { type: 'input_file', filename: name ?? UNNAMED_FILE, file_data: dataUrl(source) };
    case 'url':
      // An address may not come with a name.
      return { type: 'input_file', file_url: source.url };
    case 'file':
      return { type: 'input_file', file_id: source.id, ...named };
    case 'text':
      return { type: 'input_text', text: name === undefined ? source.text : `${name}:\n\n${source.text}` };
  }
}
