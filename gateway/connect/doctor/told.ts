/** What settings say of where to go, by which key and for which model, whoever wrote them. */
import { isTable } from '../editing/values.ts';
import { KEY_PLACEHOLDER } from '../recipe.ts';
import { type BaseShape, urlOf } from './address.ts';

/** A text at its place, such as `env.ANTHROPIC_BASE_URL`. */
interface Told {
  /** File or variable, as people write it. */
  where: string;
  at: string;
}

export interface ToldAddress extends Told {
  url: URL;
  /** What the tool adds to it. */
  shape: BaseShape;
}

export interface ToldKey extends Told {
  /** In full: it is never told to anybody. */
  key: string;
}

export interface ToldModel extends Told {
  model: string;
  /** The address it is asked for at, where that stands beside it. */
  url: URL | null;
}

export interface Settings {
  addresses: ToldAddress[];
  keys: ToldKey[];
  models: ToldModel[];
}

const KEY = /ntl_live_\w*/g;
const ADDRESS = /https?:\/\/[^\s"'<>`,;)\]}]+/g;

/** What these call themselves "anthropic" adds no version to its base URL. */
const VERSION_IS_TOLD = new Set(['opencode', 'kilo-code', 'continue']);

/** Members that say which protocol a base URL beside them is for. */
const PROTOCOL_NAMES = ['type', 'api', 'provider', 'apiProvider', 'protocol', 'apiType', 'wire_api'];

/** Members that name the model asked for, at the top of settings. */
const MODEL_NAMES = ['model', 'small_model', 'weak-model', 'default_model', 'defaultModel'];

/** @param where how the file is called, for people */
export function settingsIn(tool: string, where: string, root: unknown): Settings {
  const found: Settings = { addresses: [], keys: [], models: [] };
  walk(root, [], (text, path, beside) => {
    const at = path.join('.');
    for (const key of text.match(KEY) ?? []) found.keys.push({ where, at, key });
    for (const address of text.match(ADDRESS) ?? []) {
      const url = urlOf(address);
      if (url !== null) found.addresses.push({ where, at, url, shape: shapeOf(tool, path, beside) });
    }
    const model = modelOf(tool, path, text, beside);
    if (model !== null) found.models.push({ where, at, model, url: addressBeside(beside) });
  });
  return found;
}

/** A placeholder of the lines to paste that nobody replaced. */
export function isPlaceholder(key: string): boolean {
  return key === KEY_PLACEHOLDER || !/^ntl_live_[A-Za-z0-9]{40}$/.test(key);
}

type Visit = (text: string, path: readonly string[], beside: Readonly<Record<string, unknown>>) => void;

function walk(value: unknown, path: readonly string[], visit: Visit, beside: Record<string, unknown> = {}) {
  if (typeof value === 'string') visit(value, path, beside);
  else if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) {
      // A list of variables, as VS Code's settings have it.
      const named = isTable(one) && typeof one.name === 'string' && typeof one.value === 'string';
      if (named) visit(one.value as string, [...path, one.name as string], one);
      else walk(one, [...path, String(at + 1)], visit, beside);
    }
  } else if (isTable(value)) {
    for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name], visit, value);
  }
}

function shapeOf(
  tool: string,
  path: readonly string[],
  beside: Readonly<Record<string, unknown>>,
): BaseShape {
  if (path.some((name) => /^ANTHROPIC_/.test(name))) return 'anthropic';
  if (VERSION_IS_TOLD.has(tool)) return 'openai';
  if (tool === 'qwen-code' && path.includes('anthropic')) return 'anthropic';
  const says = PROTOCOL_NAMES.some((name) => /^anthropic/i.test(String(beside[name] ?? '')));
  return says ? 'anthropic' : 'openai';
}

const ADDRESS_NAMES = ['apiBase', 'baseUrl', 'baseURL', 'base_url'];

function addressBeside(beside: Readonly<Record<string, unknown>>): URL | null {
  return ADDRESS_NAMES.map((name) => urlOf(String(beside[name] ?? ''))).find((url) => url !== null) ?? null;
}

/** @returns null for what names no model */
function modelOf(
  tool: string,
  path: readonly string[],
  text: string,
  beside: Readonly<Record<string, unknown>>,
): string | null {
  const name = path.at(-1) ?? '';
  if (/^ANTHROPIC_(MODEL|SMALL_FAST_MODEL|DEFAULT_[A-Z]+_MODEL)$/.test(name)) return text;
  if (tool === 'aider' && path.length === 1 && MODEL_NAMES.includes(name))
    return text.replace(/^openai\//, '');
  if (tool === 'codex' && path.length === 1 && name === 'model') return text;
  if ((tool === 'opencode' || tool === 'kilo-code') && path.length === 1 && MODEL_NAMES.includes(name))
    return /^ntl\//.test(text) ? text.slice('ntl/'.length) : null;
  if (tool === 'qwen-code' && path.join('.') === 'model.name') return text;
  if (tool === 'pi' && name === 'defaultModel') return text;
  // Lists of models, each with its own address.
  if (name === 'model' && ['cline', 'continue', 'droid'].includes(tool))
    return addressBeside(beside) === null ? null : text;
  if (tool === 'kimi' && path.join('.') === 'models.ntl.model') return text;
  return null;
}
