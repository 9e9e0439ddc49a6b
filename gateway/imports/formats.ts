/** Texts of settings as values. What a parser says of a text may quote it, so only the line goes on. */
import JSON5 from 'json5';
import { jsonc } from '../connect/editing/jsonc.ts';
import { BrokenSettings } from '../connect/editing/settings-format.ts';
import { toml } from '../connect/editing/toml.ts';
import { yaml } from '../connect/editing/yaml.ts';

/** Settings are some kilobytes; YAML of this size holds everybody else up for some tenths of a second. */
const LARGEST = 128 * 1024;
const TOO_LARGE = 'is too large for settings';

/** JSON, with comments and commas too many. @throws BrokenSettings */
export function jsonOf(text: string): unknown {
  return reading('JSON', () => {
    try {
      // Some files are megabytes of plain JSON.
      return JSON.parse(text);
    } catch {
      return jsonc.read(bounded(text));
    }
  });
}

/** @throws BrokenSettings */
export function tomlOf(text: string): unknown {
  return reading('TOML', () => toml.read(bounded(text)));
}

/** @throws BrokenSettings */
export function yamlOf(text: string): unknown {
  return reading('YAML', () => yaml.read(bounded(text)));
}

/** https://spec.json5.org @throws BrokenSettings */
export function json5Of(text: string): unknown {
  return reading('JSON5', () => (text.trim() === '' ? undefined : JSON5.parse(bounded(text))));
}

function reading(format: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new BrokenSettings('is nested too deeply');
    if (error instanceof BrokenSettings && error.message === TOO_LARGE) throw error;
    if (error instanceof BrokenSettings) throw new BrokenSettings(`is no valid ${format}`, error.line);
    if (error instanceof SyntaxError) throw new BrokenSettings(`is no valid ${format}`, lineOf(error));
    throw new BrokenSettings(`is no valid ${format}`);
  }
}

function bounded(text: string): string {
  if (text.length > LARGEST) throw new BrokenSettings(TOO_LARGE);
  return text;
}

/** json5 tells where. */
function lineOf(error: SyntaxError): number | null {
  const { lineNumber } = error as { lineNumber?: unknown };
  return typeof lineNumber === 'number' ? lineNumber : null;
}
