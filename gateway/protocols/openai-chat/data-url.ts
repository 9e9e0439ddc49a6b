/** Data URLs (RFC 2397), in which chat bodies carry images and files. */
import type { DocumentPart, Source } from '../canonical/request.ts';
import { badMessage } from './fields.ts';

const DATA_SCHEME = /^data:/i;
const WEB_SCHEME = /^https?:/i;

/** @throws GatewayError `invalid_messages` for a data URL that is broken */
export function sourceOfUrl(url: string, path: string): Source {
  return DATA_SCHEME.test(url) ? { kind: 'base64', ...readDataUrl(url, path) } : { kind: 'url', url };
}

/**
 * Reads `file_data`: a data URL; an address, which OpenRouter takes; or base64 alone, which then is of a PDF, the
 * one kind of file that chat completions take.
 * @throws GatewayError `invalid_messages` for a data URL that is broken
 */
export function sourceOfFile(data: string, path: string): DocumentPart['source'] {
  if (WEB_SCHEME.test(data)) return { kind: 'url', url: data };
  if (!DATA_SCHEME.test(data)) return { kind: 'base64', mediaType: 'application/pdf', data };
  const file = readDataUrl(data, path);
  return file.mediaType.startsWith('text/')
    ? { kind: 'text', text: textOfBase64(file.data) }
    : { kind: 'base64', ...file };
}

export function textOfBase64(data: string): string {
  return Buffer.from(data, 'base64').toString('utf8');
}

export function dataUrl(mediaType: string, base64: string): string {
  return `data:${mediaType};base64,${base64}`;
}

function readDataUrl(url: string, path: string): { mediaType: string; data: string } {
  const comma = url.indexOf(',');
  if (comma === -1) throw badMessage(path, 'is a data URL without a comma.');
  const head = url.slice('data:'.length, comma).trim().toLowerCase();
  const mediaType = head.split(';')[0] || 'text/plain';
  const data = url.slice(comma + 1);
  return { mediaType, data: head.endsWith(';base64') ? data : base64OfEscaped(data, path) };
}

function base64OfEscaped(data: string, path: string): string {
  try {
    return Buffer.from(decodeURIComponent(data)).toString('base64');
  } catch {
    throw badMessage(path, 'is a data URL whose escapes are broken.');
  }
}
