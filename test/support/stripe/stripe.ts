import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Books } from './books.ts';
import { answer } from './endpoints.ts';
import { eventOf, type StripeEvent, signatureOf } from './events.ts';
import { type Fault, Gate } from './faults.ts';
import { type Form, readForm } from './form.ts';
import { Idempotency, type Reply } from './idempotency.ts';
import { newId, type Session } from './objects.ts';
import { invalid, Refusal, wrongKey } from './refusal.ts';

export const SECRET_KEY = 'sk_test_51NtlTestOnlyKeyThatMovesNoMoney0000canary';
export const WEBHOOK_SECRET = 'whsec_NtlTestOnlySigningSecret0000canary';

export interface SeenCall {
  method: string;
  path: string;
  form: Form;
  headers: IncomingMessage['headers'];
  /** Null while it runs, or when no answer went out. */
  status: number | null;
  replayed: boolean;
}

/** A server that answers as Stripe's API does for the calls a gateway makes, to Stripe's own library. */
export interface StripeServer extends AsyncDisposable {
  readonly url: string;
  readonly books: Books;
  readonly calls: SeenCall[];
  /** Ms since 1970 by its clock. */
  now: number | null;
  secretKey: string;
  /** The next call like `POST /v1/customers` goes wrong; one after the other where there are several. */
  next(route: string, ...faults: Fault[]): void;
  /** All calls like that, until told otherwise by null. */
  always(route: string, fault: Fault | null): void;
  /** The newest session, or the one with this page. */
  session(url?: string): Session;
  /** How many calls like `GET /v1/checkout/sessions/:id` came in. */
  count(route: string): number;
  /** Signs an event and posts it to a gateway. @returns the answer's status */
  deliver(
    to: string,
    event: StripeEvent,
    signing?: { secret?: string; at?: number; body?: string },
  ): Promise<number>;
  event(type: string, object: unknown): StripeEvent;
}

export async function startStripe(): Promise<StripeServer> {
  const queued = new Map<string, Fault[]>();
  const standing = new Map<string, Fault>();
  const idempotency = new Idempotency();
  const calls: SeenCall[] = [];
  const books = new Books(() => self.now ?? Date.now());

  function faultOf(route: string): Fault | undefined {
    return queued.get(route)?.shift() ?? standing.get(route) ?? standing.get('*');
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stripe');
    const { method = 'GET', headers } = request;
    const body = await text(request);
    const call: SeenCall = {
      ...{ method, path: url.pathname, headers, status: null, replayed: false },
      form: readForm(method === 'GET' ? url.search.slice(1) : body),
    };
    calls.push(call);
    const fault = faultOf(routeOf(call));
    if (fault === 'silence') return;
    if (fault === 'lost request') {
      response.destroy();
      return;
    }
    if (fault instanceof Gate && !(await fault.pass('before'))) {
      response.destroy();
      return;
    }
    const reply = fault instanceof Refusal ? asReply(fault) : done(call, body);
    const goes = fault instanceof Gate ? await fault.pass('after') : fault !== 'lost reply';
    if (!goes) {
      response.destroy();
      return;
    }
    send(call, response, reply);
  }

  function done(call: SeenCall, body: string): Reply {
    const key = call.headers['idempotency-key'];
    const named = call.method === 'POST' && typeof key === 'string' ? key : null;
    try {
      refuseStrangers(call, self.secretKey);
      const kept = named === null ? null : idempotency.begin(named, `${call.method} ${call.path} ${body}`);
      if (kept !== null) {
        call.replayed = true;
        return kept;
      }
      const reply = { status: 200, body: answer(books, call) };
      // The object goes on changing; the kept answer does not.
      if (named !== null) idempotency.end(named, structuredClone(reply));
      return reply;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // What fails its checks was not begun.
      if (named !== null && error.status === 400 && !error.message.startsWith('Keys for idempotent'))
        idempotency.drop(named);
      return asReply(error);
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const self: StripeServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    books,
    calls,
    now: null,
    secretKey: SECRET_KEY,
    next(route, ...faults) {
      queued.set(route, [...(queued.get(route) ?? []), ...faults]);
    },
    always(route, fault) {
      if (fault === null) standing.delete(route);
      else standing.set(route, fault);
    },
    session(page) {
      const all = [...books.sessions.values()];
      const found = page === undefined ? all.at(-1) : all.find(({ id }) => page.includes(id));
      if (found === undefined) throw new Error('there is no such session');
      return found;
    },
    count: (route) => calls.filter((call) => routeOf(call) === route).length,
    event: (type, object) => eventOf(type, object, books.seconds),
    async deliver(
      to,
      event,
      { secret = WEBHOOK_SECRET, at = books.seconds, body = JSON.stringify(event, null, 2) } = {},
    ) {
      const signature = signatureOf(JSON.stringify(event, null, 2), { secret, at });
      const response = await fetch(`${to}/billing/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
        body,
      });
      await response.text();
      return response.status;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return self;
}

/** `GET /v1/checkout/sessions/:id`. */
function routeOf({ method, path }: Pick<SeenCall, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\/(cs|cus|bpc)_[^/]+/, '/:id')}`;
}

/** @throws Refusal for a call that Stripe would not look at */
function refuseStrangers({ method, headers }: SeenCall, secretKey: string): void {
  const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if (key !== secretKey) throw wrongKey(key);
  if (!/^\d{4}-\d\d-\d\d\.\w+$/.test(String(headers['stripe-version'])))
    throw invalid('Invalid Stripe API version.');
  const type = headers['content-type'] ?? '';
  if (method === 'POST' && !type.startsWith('application/x-www-form-urlencoded'))
    throw invalid(`Invalid request: unsupported content type ${type}.`);
}

function asReply({ status, body, headers }: Refusal): Reply {
  return { status, body, headers };
}

function send(call: SeenCall, response: ServerResponse, { status, body, headers = {} }: Reply): void {
  call.status = status;
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': newId('req', 10),
    'stripe-version': String(call.headers['stripe-version'] ?? ''),
    ...headers,
  });
  response.end(JSON.stringify(body, null, 2));
}
