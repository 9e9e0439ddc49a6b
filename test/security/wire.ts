import { connectRaw } from '../faults/raw-client.ts';

/** One answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  head: string;
  body: string;
}

/**
 * Sends bytes as they are and waits until the gateway has ended the connection, which is what `connection: close` or a
 * request that is none bring about.
 */
export async function exchange(url: string, text: string): Promise<WireAnswer[]> {
  const client = await connectRaw(url);
  client.send(text);
  await client.closed;
  return answersIn(client.received);
}

/** A request without a body that ends its connection. @param lines header lines */
export function bare(method: string, target: string, ...lines: string[]): string {
  return [`${method} ${target} HTTP/1.1`, ...lines, 'connection: close', '', ''].join('\r\n');
}

/** Cut by their lengths, as a client does: what one answer says of another is no answer. */
function answersIn(received: string): WireAnswer[] {
  const answers: WireAnswer[] = [];
  let rest = Buffer.from(received);
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no whole head: ${rest}`);
    const head = rest.subarray(0, end).toString();
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? rest.length - end - 4);
    const body = rest.subarray(end + 4, end + 4 + length).toString();
    answers.push({ status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]), head, body });
    rest = rest.subarray(end + 4 + length);
  }
  return answers;
}
