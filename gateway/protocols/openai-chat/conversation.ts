/** What must be known of a conversation to read one of its messages. */
export class Conversation {
  /** What has no place in a canonical request, by its path in the body. */
  readonly unplaced = new Set<string>();
  readonly #customTools: ReadonlySet<string>;
  readonly #customCalls = new Set<string>();
  /** Ids made for calls of the old `function_call`, which has none, by the function's name. */
  readonly #functionCalls = new Map<string, string>();

  /** @param customTools names of the tools that take free text */
  constructor(customTools: ReadonlySet<string>) {
    this.#customTools = customTools;
  }

  isCustomTool(name: string): boolean {
    return this.#customTools.has(name);
  }

  noteCustomCall(id: string): void {
    this.#customCalls.add(id);
  }

  isCustomCall(id: string): boolean {
    return this.#customCalls.has(id);
  }

  /** @param position of the message, of which the id is made: equal conversations get equal ids */
  idOfFunctionCall(name: string, position: number): string {
    const id = `call_function_${position}`;
    this.#functionCalls.set(name, id);
    return id;
  }

  /** The call that a `function` message answers: the last one of that name. */
  idOfFunctionResult(name: string, position: number): string {
    return this.#functionCalls.get(name) ?? `call_function_${position}`;
  }
}
