/** Names of tools as a provider sees them. */
import { createHash } from 'node:crypto';

/** What OpenAI, Anthropic and Gemini all take. */
const LONGEST = 64;
const UNFIT = /[^a-zA-Z0-9_-]/g;
/** Gemini takes no digit or dash there: https://ai.google.dev/api/caching#FunctionDeclaration */
const UNFIT_AT_START = /^(?=[0-9-])/;
const DIGEST_LETTERS = 8;

/** What names a tool for the caller: Codex puts tools of one server in a namespace. */
export interface ToolName {
  name: string;
  namespace?: string | undefined;
}

/** Gives each tool one name that fits everywhere and that no other tool has. */
export class WireNames {
  readonly #byTool = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #startsWithLetter: boolean;

  /** @param startsWithLetter a name may begin with nothing but a letter or an underscore */
  constructor(startsWithLetter: boolean) {
    this.#startsWithLetter = startsWithLetter;
  }

  of(tool: ToolName): string {
    const key = keyOf(tool);
    const known = this.#byTool.get(key);
    if (known !== undefined) return known;
    const plain = tool.namespace === undefined ? tool.name : `${tool.namespace}__${tool.name}`;
    const fitting = this.#fitting(plain);
    const free = fitting.length > 0 && fitting.length <= LONGEST && !this.#taken.has(fitting);
    const wire = free ? fitting : this.#shortened(fitting, key);
    this.#byTool.set(key, wire);
    this.#taken.add(wire);
    return wire;
  }

  #fitting(plain: string): string {
    const safe = plain.replaceAll(UNFIT, '_');
    return this.#startsWithLetter ? safe.replace(UNFIT_AT_START, '_') : safe;
  }

  #shortened(fitting: string, key: string): string {
    const digest = createHash('sha256').update(key).digest('hex').slice(0, DIGEST_LETTERS);
    return `${fitting.slice(0, LONGEST - DIGEST_LETTERS - 1)}_${digest}`;
  }
}

export function keyOf({ name, namespace }: ToolName): string {
  return JSON.stringify([namespace ?? null, name]);
}
