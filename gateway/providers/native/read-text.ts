/** Longest answer that is read whole: the gateway's own limit for answers. */
const MAX_BYTES = 256 * 1024 * 1024;

/** @returns the text up to `limit` bytes; what is longer is given up with its connection */
export async function readText(body: AsyncIterable<Buffer>, limit = MAX_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
