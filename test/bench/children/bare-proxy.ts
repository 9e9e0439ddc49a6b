/**
 * What forwarding costs by itself: node:http in front, undici behind, nothing else. Arguments: the provider's
 * origin, the port to listen on.
 */
import { createServer } from 'node:http';
import { Agent, request } from 'undici';

const [origin, port] = process.argv.slice(2);
const dispatcher = new Agent();

const server = createServer(async (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const answer = await request(`${origin}${incoming.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-provider' },
    body: Buffer.concat(chunks),
    dispatcher,
  });
  outgoing.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
  for await (const chunk of answer.body) outgoing.write(chunk);
  outgoing.end();
});
server.listen(Number(port), '127.0.0.1');
