/** JSON whose numbers stay as they are written, beyond what a JavaScript number holds. */

/** V8 has both since Node 21 (https://github.com/tc39/proposal-json-parse-with-source); TypeScript has no types yet. */
const json = JSON as unknown as {
  rawJSON(text: string): object;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
};

/**
 * Parses so that `JSON.stringify` gives every number back digit by digit.
 * @throws SyntaxError for what is no JSON
 */
export function parseExact(text: string): unknown {
  return json.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
  );
}

/** As `parseExact`; `otherwise` for what is no JSON. */
export function parseExactOr(text: string, otherwise: object): unknown {
  try {
    return parseExact(text);
  } catch {
    return otherwise;
  }
}
