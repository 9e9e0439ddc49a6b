/** Bytes of a settings file as text and back. */
import { BrokenSettings } from './settings-format.ts';

const MARK = '\ufeff';

export interface TextFile {
  /** Whether it begins with a byte order mark. */
  mark: boolean;
  /** Without the mark. */
  text: string;
}

/** @throws BrokenSettings for bytes that are no UTF-8 */
export function decoded(bytes: Buffer): TextFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(MARK) ? { mark: true, text: text.slice(1) } : { mark: false, text };
  } catch {
    throw new BrokenSettings('is not UTF-8');
  }
}

export function encoded({ mark, text }: TextFile): Buffer {
  return Buffer.from(mark ? MARK + text : text);
}
