/** Images, documents and sound as the AI SDK takes them, or a note in their place. */
import { isUtf8 } from 'node:buffer';
import { leftOut } from '../../protocols/canonical/fit-parts.ts';
import type { AudioPart, DocumentPart, ImagePart, Source } from '../../protocols/canonical/request.ts';
import { geminiModel } from './gemini-models.ts';
import type { NativeKind } from './kinds.ts';
import type { FileContent } from './sdk.ts';
import type { Wording } from './wording.ts';

type Media = ImagePart | DocumentPart | AudioPart;
type FileData = FileContent['data'];
type Named = { data: FileData; mediaType: string };

/** @returns the file; or the text of a note, and `dropped` is told */
export function mediaOf(part: Media, wording: Wording): FileContent | string {
  const found = part.type === 'audio' ? soundOf(part, wording.kind) : fileOf(part.source, part.type, wording);
  if (found === null) {
    wording.dropped.add(part.type);
    return part.type === 'audio' ? '[audio left out: this model cannot be played it]' : leftOut(part).text;
  }
  const filename = part.type === 'document' && part.name !== undefined ? { filename: part.name } : {};
  return { type: 'file', ...found, ...filename };
}

function soundOf({ format, data }: AudioPart, kind: NativeKind): Named | null {
  if (kind === 'bedrock') return null;
  return { data: { type: 'data', data }, mediaType: `audio/${format.toLowerCase()}` };
}

function fileOf(
  source: Source | { kind: 'text'; text: string },
  type: 'image' | 'document',
  wording: Wording,
): Named | null {
  switch (source.kind) {
    case 'text':
      return { data: { type: 'text', text: source.text }, mediaType: 'text/plain' };
    case 'url':
      return addressed(source.url, wording);
    case 'base64':
      return type === 'image'
        ? imageOf(source.mediaType, source.data, wording.kind)
        : documentOf(source.mediaType, source.data, wording.kind);
    default:
      return null;
  }
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html and API_runtime_DocumentBlock */
const BEDROCK_TYPES: Readonly<Record<'image' | 'document', ReadonlySet<string>>> = {
  image: new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
  document: new Set([
    'application/pdf',
    'text/csv',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.ms-excel',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'text/html',
    'text/plain',
    'text/markdown',
  ]),
};

function imageOf(told: string, data: string, kind: NativeKind): Named | null {
  const mediaType = plainType(told);
  // From the bytes, the SDK finds the type that was not told.
  if (!mediaType.startsWith('image/')) return { data: { type: 'data', data }, mediaType: 'image' };
  const common = mediaType === 'image/jpg' ? 'image/jpeg' : mediaType;
  if (kind === 'bedrock' && !BEDROCK_TYPES.image.has(common)) return null;
  return { data: { type: 'data', data }, mediaType: common };
}

/** What Gemini takes beside PDF: https://ai.google.dev/gemini-api/docs/document-processing */
const GEMINI_TYPES = /^(?:text|image|audio|video)\/[\w.+-]+$/;

/** By what it is, as clients call it anything. A file that is text is told as such, whatever its type. */
function documentOf(told: string, data: string, kind: NativeKind): Named | null {
  const mediaType = data.startsWith(PDF_BEGINS) ? 'application/pdf' : plainType(told);
  const taken =
    mediaType === 'application/pdf' ||
    (kind === 'bedrock' ? BEDROCK_TYPES.document.has(mediaType) : GEMINI_TYPES.test(mediaType));
  if (taken) return { data: { type: 'data', data }, mediaType };
  const bytes = Buffer.from(data, 'base64');
  if (!isUtf8(bytes) || bytes.includes(0)) return null;
  return { data: { type: 'text', text: bytes.toString('utf8') }, mediaType: 'text/plain' };
}

/** Base64 of `%PDF-`. */
const PDF_BEGINS = 'JVBERi0';

function plainType(told: string): string {
  return (told.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** What Gemini fetches itself (https://ai.google.dev/gemini-api/docs/file-input-methods): it wants the type named. */
const BY_ENDING: Readonly<Record<string, string>> = {
  bmp: 'image/bmp',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  webp: 'image/webp',
};

/** The gateway fetches nothing: Gemini does it itself, Bedrock only from S3. */
function addressed(address: string, { kind, target }: Wording): Named | null {
  const url = URL.parse(address);
  const mediaType = BY_ENDING[/\.(\w+)$/.exec(url?.pathname ?? '')?.[1]?.toLowerCase() ?? ''];
  if (url === null || mediaType === undefined || !SCHEMES[kind].includes(url.protocol)) return null;
  const taken =
    kind === 'bedrock' ? BEDROCK_TYPES.image.has(mediaType) : geminiModel(target.upstreamModel).fetchesFiles;
  if (!taken) return null;
  return { data: { type: 'url', url }, mediaType };
}

const SCHEMES: Readonly<Record<NativeKind, readonly string[]>> = {
  google: ['https:'],
  vertex: ['https:', 'gs:'],
  bedrock: ['s3:'],
};
