/** Callers' query strings are part of the URLs, and there may be any number of them. */
const MOST_KEPT = 64;

/** Parsed URLs of one provider: nearly every call goes to one of a few. */
export class Targets {
  readonly #parsed = new Map<string, URL>();

  /** @throws TypeError for what is no URL */
  of(text: string): URL {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    if (this.#parsed.size === MOST_KEPT) this.#parsed.clear();
    const url = new URL(text);
    this.#parsed.set(text, url);
    return url;
  }
}
