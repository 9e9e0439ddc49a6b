import type { Readable } from 'node:stream';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

import type { AuditRow, EventData, List } from '../doors/admin/contract.ts';
import type { AdminClient, Query } from './admin-client.ts';
import { CliError } from './failures.ts';
import { requestLine, requestTitles } from './requests-text.ts';
import type { Terminal } from './terminal.ts';

/**
 * Prints the newest requests that match, then each new one as it ends; with `--json` one object a line.
 * Goes on until the gateway ends.
 * @throws CliError when it does
 */
export async function followRequests(terminal: Terminal, query: Query): Promise<void> {
  // First the stream, then the list: nothing falls between the two, and what is in both is shown once.
  const events = await terminal.admin.open('/events');
  const { data: newest } = await terminal.admin.get<List<AuditRow>>('/requests', query);
  const shown = new Set(newest.map(({ id }) => id));
  const print = (row: AuditRow): void => {
    process.stdout.write(terminal.json ? `${JSON.stringify(row)}\n` : requestLine(row));
  };
  if (!terminal.json) process.stdout.write(requestTitles());
  for (const row of newest.toReversed()) print(row);

  for await (const { event, data } of eventsOf(events)) {
    if (event === 'skipped' && !terminal.json) {
      const more: EventData['skipped'] = JSON.parse(data);
      process.stdout.write(`… and ${more.requests} more: too many at once to print each\n`);
    }
    if (event !== 'request') continue;
    const row: AuditRow = JSON.parse(data);
    if (!shown.delete(row.id) && (await matches(terminal.admin, row, query))) print(row);
  }
  throw new CliError('The gateway has ended.');
}

async function* eventsOf(body: Readable): AsyncGenerator<EventSourceMessage, void, undefined> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      parser.feed(chunk);
      yield* waiting.splice(0);
    }
  } catch {
    // A killed gateway breaks the stream; a stopped one ends it.
  }
}

/** The API filters, as it does for a list. */
async function matches(admin: AdminClient, { requestId }: AuditRow, query: Query): Promise<boolean> {
  const { pageSize: _, ...filter } = query;
  if (Object.values(filter).every((value) => value === undefined)) return true;
  const { data } = await admin.get<List<AuditRow>>('/requests', { ...filter, requestId });
  return data.length > 0;
}
