/** What a form body or a query of Stripe's holds: texts, in objects and lists by the brackets in their names. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

/**
 * Reads `a[b][0][c]=d` as Stripe does (https://docs.stripe.com/api: form-encoded request bodies).
 * @throws Error for a name that is neither an object's nor a list's
 */
export function readForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) put(form, pathOf(name), value);
  return listed(form) as Form;
}

function pathOf(name: string): string[] {
  const [head = '', ...rest] = name.split('[');
  if (head === '' || !rest.every((part) => part.endsWith(']'))) throw new Error(`no form field: ${name}`);
  return [head, ...rest.map((part) => part.slice(0, -1))];
}

function put(form: Form, [name = '', ...rest]: string[], value: string): void {
  // `expand[]=a` appends.
  const key = name === '' ? String(Object.keys(form).length) : name;
  if (rest.length === 0) {
    form[key] = value;
    return;
  }
  form[key] ??= {};
  put(form[key] as Form, rest, value);
}

/** Objects whose names count from 0 are lists. */
function listed(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, listed(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
