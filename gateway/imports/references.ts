/** How settings name a value that stands elsewhere. */
import type { Key } from './claim.ts';

type Variable = (name: string) => string | undefined;

/** The value of a variable, or that it is missing. */
export function keyOfVariable(name: string, variable: Variable): Key {
  const value = variable(name)?.trim();
  return value ? { text: value } : { missing: `the variable ${shortName(name)}` };
}

/** `os.environ/NAME`, as LiteLLM has it; else the text itself (https://docs.litellm.ai/docs/proxy/configs). */
export function litellmValue(text: string, variable: Variable): Key {
  const name = text.startsWith('os.environ/') ? text.slice('os.environ/'.length) : undefined;
  return name === undefined ? { text } : keyOfVariable(name, variable);
}

/**
 * `$NAME` in capitals and `${NAME}`, anywhere in a text, as claude-code-router fills them in ("environment variable
 * interpolation" of its README).
 */
export function routerValue(text: string, variable: Variable): Key {
  const pattern = /\$\{([^{}$]{1,200})\}|\$([A-Z_][A-Z0-9_]{0,199})/g;
  return filledIn(text, pattern, 'variable', variable);
}

/**
 * `${{ secrets.NAME }}`, anywhere in a text, as Continue has it; a name of its hub may have an owner and a package
 * before it (TEMPLATE_VAR_REGEX and decodeFQSN of @continuedev/config-yaml).
 */
export function continueValue(text: string, secret: Variable): Key {
  return filledIn(text, /\$\{\{([^{}]{1,200})\}\}/g, 'secret', (name) => secret(lastPart(name)));
}

function lastPart(name: string): string {
  return name.trim().split(/[./]/).at(-1) ?? '';
}

/** The text with all it refers to in it, or the first of it that is missing. */
function filledIn(text: string, pattern: RegExp, what: 'variable' | 'secret', known: Variable): Key {
  let missing: string | undefined;
  const filled = text.replaceAll(pattern, (whole, ...names: unknown[]) => {
    const name = names.find((one) => typeof one === 'string') as string;
    const value = known(name)?.trim();
    if (!value) missing ??= name;
    return value ?? whole;
  });
  if (missing === undefined) return { text: filled };
  return { missing: `the ${what} ${shortName(lastPart(missing))}` };
}

/** Names come from files: what is none is not repeated. */
function shortName(name: string): string {
  return /^[\w.-]{1,100}$/.test(name) ? name : 'of a name that is none';
}
