import type { Books } from './books.ts';
import type { Form, FormValue } from './form.ts';
import { type Customer, newId, type Session } from './objects.ts';
import { invalid, missing } from './refusal.ts';

export interface Call {
  method: string;
  /** Without the query. */
  path: string;
  form: Form;
}

type Endpoint = (books: Books, form: Form, id: string) => unknown;

/** `METHOD path` with `:id`, the fields it knows, and what it does. Any other field is refused, as Stripe does. */
const ENDPOINTS: readonly [route: string, fields: readonly string[], does: Endpoint][] = [
  ['GET /v1/checkout/sessions', ['customer', 'created', 'limit', 'starting_after', 'expand'], listSessions],
  [
    'POST /v1/checkout/sessions',
    [
      ...['mode', 'customer', 'client_reference_id', 'line_items', 'success_url', 'cancel_url', 'metadata'],
      ...['payment_intent_data', 'invoice_creation'],
    ],
    createSession,
  ],
  [
    'GET /v1/checkout/sessions/:id',
    ['expand'],
    (books, form, id) => expanded(books, books.session(id), form),
  ],
  ['POST /v1/checkout/sessions/:id/expire', [], expireSession],
  ['POST /v1/customers', ['name', 'email', 'metadata'], createCustomer],
  ['POST /v1/billing_portal/sessions', ['customer', 'return_url', 'configuration'], createPortal],
  ['POST /v1/billing_portal/configurations', ['features', 'business_profile'], createConfiguration],
];

/** @throws Refusal */
export function answer(books: Books, { method, path, form }: Call): unknown {
  for (const [route, fields, does] of ENDPOINTS) {
    const pattern = new RegExp(`^${route.replace(':id', '([^/]+)')}$`);
    const match = pattern.exec(`${method} ${path}`);
    if (match === null) continue;
    const unknown = Object.keys(form).find((name) => !fields.includes(name));
    if (unknown !== undefined)
      throw invalid(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown');
    return does(books, form, decodeURIComponent(match[1] ?? ''));
  }
  throw invalid(`Unrecognized request URL (${method}: ${path}).`);
}

function createSession(books: Books, form: Form): Session {
  const [item, ...more] = listOf(form.line_items);
  if (form.mode !== 'payment') throw invalid('Missing required param: mode.', 'mode', 'parameter_missing');
  if (item === undefined || more.length > 0)
    throw invalid('Missing required param: line_items.', 'line_items', 'parameter_missing');
  const price = objectOf(objectOf(item).price_data);
  const cents = Number(price.unit_amount);
  const name = textOf(objectOf(price.product_data).name);
  const success = urlOf(form, 'success_url');
  const reference = textOf(form.client_reference_id);
  if (price.currency !== 'usd') throw invalid('Invalid currency.', 'line_items[0][price_data][currency]');
  if (!Number.isInteger(cents) || cents < 50)
    throw invalid(
      'The Checkout Session’s total amount due must add up to at least $0.50 usd',
      undefined,
      'amount_too_small',
    );
  if (name === '')
    throw invalid('You passed an empty string for name.', 'line_items[0][price_data][product_data][name]');
  if (reference !== '' && !/^[\w-]{1,200}$/.test(reference))
    throw invalid('Invalid reference.', 'client_reference_id');
  const customer = textOf(form.customer);
  if (customer !== '' && !books.customers.has(customer)) throw missing('customer', customer, 'customer');
  return books.addSession({
    ...{ client_reference_id: reference || null, customer: customer || null, currency: 'usd' },
    ...{ amount_subtotal: cents, amount_total: cents, success_url: success },
    cancel_url: form.cancel_url === undefined ? null : urlOf(form, 'cancel_url'),
    metadata: textsOf(form.metadata),
    invoice_creation: { enabled: objectOf(form.invoice_creation).enabled === 'true' },
    line_items: [{ name, cents, quantity: Number(objectOf(item).quantity) }],
  });
}

function listSessions(books: Books, form: Form): unknown {
  const from = Number(objectOf(form.created).gte ?? 0);
  const limit = Number(form.limit ?? 10);
  if (!(limit >= 1 && limit <= 100)) throw invalid('Invalid integer: limit', 'limit');
  const found = [...books.sessions.keys()]
    .map((id) => books.session(id))
    .filter(
      ({ customer, created }) =>
        created >= from && (form.customer === undefined || customer === form.customer),
    )
    .reverse();
  const data = found.slice(0, limit);
  return { object: 'list', url: '/v1/checkout/sessions', has_more: found.length > limit, data };
}

function expireSession(books: Books, _form: Form, id: string): Session {
  const session = books.session(id);
  if (session.status !== 'open')
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of "${session.status}".`,
    );
  books.expire(session);
  return session;
}

function createCustomer(books: Books, form: Form): Customer {
  const email = form.email === undefined ? null : textOf(form.email);
  if (email !== null && !email.includes('@'))
    throw invalid(`Invalid email address: ${email}`, 'email', 'email_invalid');
  const customer: Customer = {
    ...{ id: newId('cus', 11), object: 'customer', name: textOf(form.name) || null, email },
    ...{ metadata: textsOf(form.metadata), created: books.seconds },
  };
  books.customers.set(customer.id, customer);
  return customer;
}

function createPortal(books: Books, form: Form): unknown {
  const customer = textOf(form.customer);
  const configuration = form.configuration === undefined ? null : textOf(form.configuration);
  if (!books.customers.has(customer)) throw missing('customer', customer, 'customer');
  if (configuration !== null && !books.configurations.has(configuration))
    throw missing('configuration', configuration, 'configuration');
  if (configuration === null && !books.portalSaved)
    throw invalid(
      'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
    );
  const id = newId('bps', 18);
  return {
    ...{
      id,
      object: 'billing_portal.session',
      customer,
      configuration,
      return_url: urlOf(form, 'return_url'),
    },
    url: `https://billing.stripe.com/p/session/${id}`,
  };
}

function createConfiguration(books: Books, form: Form): unknown {
  if (Object.keys(objectOf(form.features)).length === 0)
    throw invalid('Missing required param: features.', 'features', 'parameter_missing');
  const id = newId('bpc', 18);
  books.configurations.add(id);
  return { id, object: 'billing_portal.configuration', active: true, is_default: false };
}

/** `expand[]=payment_intent.latest_charge`. */
function expanded(books: Books, session: Session, form: Form): unknown {
  const asked = listOf(form.expand).map(textOf);
  const intent = books.intents.get(session.payment_intent ?? '');
  if (intent === undefined || !asked.some((path) => path.startsWith('payment_intent'))) return session;
  const charge = books.charges.get(intent.latest_charge ?? '');
  const whole = asked.includes('payment_intent.latest_charge') && charge !== undefined;
  return { ...session, payment_intent: { ...intent, latest_charge: whole ? charge : intent.latest_charge } };
}

function urlOf(form: Form, name: string): string {
  const text = textOf(form[name]);
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid('Not a valid URL', name, 'url_invalid');
  return text;
}

function textOf(value: FormValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: FormValue | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([name, inner]) => [name, textOf(inner)]));
}

function objectOf(value: FormValue | undefined): Form {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function listOf(value: FormValue | undefined): FormValue[] {
  return Array.isArray(value) ? value : [];
}
