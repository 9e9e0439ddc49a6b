/**
 * A part of Electron of which only some is there. Whoever asks for anything else gets an error that names it, not an
 * `undefined` that shows somewhere else.
 * @param known checked against Electron's own types
 */
export function strict<Whole extends object>(name: string, known: Partial<Whole>): Whole {
  return new Proxy(known, {
    get(target, property) {
      if (property in target || typeof property === 'symbol' || UNASKED.has(property)) {
        const value = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      throw new Error(`${name}.${property} is not in the stand-in for Electron`);
    },
  }) as Whole;
}

/** Asked of any object by `await` and by Node's EventEmitter. */
const UNASKED = new Set(['then', 'domain']);

/** A class of which only some is there: its instances are as strict as its static side. */
export function strictClass<Whole extends abstract new (...args: never[]) => object>(
  name: string,
  known: new (...args: never[]) => object,
): Whole {
  const statics = strict(name, known);
  return new Proxy(statics, {
    construct: (_target, args) => strict(name, Reflect.construct(known, args)),
  }) as unknown as Whole;
}
