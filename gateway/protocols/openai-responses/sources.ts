/** Images and files: as data URLs (RFC 2397), addresses, or ids of files that the provider keeps. */
import { GatewayError } from '../../errors.ts';
import type { DocumentPart, Source } from '../canonical/request.ts';

const DATA_SCHEME = /^data:/i;

/** Documents that are text anyway: no provider needs them as bytes. */
const TEXT_TYPE = /^text\/|^application\/(json|xml|yaml|x-yaml|javascript)$/;

/** What a name says of bytes whose type is told nowhere else; PDF is what `input_file` began with. */
const TEXT_NAME = /\.(txt|md|csv|json|xml|ya?ml|html?|js|ts|py|css|log)$/i;

/** @throws GatewayError `invalid_messages` for a data URL that cannot be read */
export function sourceOfUrl(url: string, path: string): Source {
  return DATA_SCHEME.test(url) ? { kind: 'base64', ...readDataUrl(url, path) } : { kind: 'url', url };
}

/**
 * @param data data URL, or base64 alone
 * @throws GatewayError `invalid_messages` for a data URL that cannot be read
 */
export function sourceOfFileData(data: string, name: string | null, path: string): DocumentPart['source'] {
  const named = TEXT_NAME.test(name ?? '') ? 'text/plain' : 'application/pdf';
  const file = DATA_SCHEME.test(data) ? readDataUrl(data, path) : { mediaType: named, data };
  if (!TEXT_TYPE.test(file.mediaType)) return { kind: 'base64', ...file };
  return { kind: 'text', text: Buffer.from(file.data, 'base64').toString('utf8') };
}

export function sourceOfFileId(id: string): Source {
  return { kind: 'file', protocol: 'openai-responses', id };
}

export function dataUrl({ mediaType, data }: { mediaType: string; data: string }): string {
  return `data:${mediaType};base64,${data}`;
}

function readDataUrl(url: string, path: string): { mediaType: string; data: string } {
  const comma = url.indexOf(',');
  const [type = '', ...parameters] = url.slice('data:'.length, Math.max(comma, 0)).split(';');
  const body = comma === -1 ? null : url.slice(comma + 1);
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64';
  const data = body === null || isBase64 ? body : base64Of(body);
  if (data === null) {
    throw new GatewayError('invalid_messages', `\`${path}\` begins like a data URL and is none.`);
  }
  return { mediaType: type.trim().toLowerCase() || 'text/plain', data };
}

function base64Of(percentEncoded: string): string | null {
  try {
    return Buffer.from(decodeURIComponent(percentEncoded)).toString('base64');
  } catch {
    return null;
  }
}
