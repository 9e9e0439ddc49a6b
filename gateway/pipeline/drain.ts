/** What may follow the end of an answer: an end mark, a line feed. */
const MAX_BYTES = 64 * 1024;
const MAX_MS = 1_000;

/**
 * Reads what is left of an answer that is over, so that its connection can serve the next request. An answer
 * that does not end soon is given up with its connection.
 */
export async function drain(rest: AsyncIterator<unknown>): Promise<void> {
  const timer = setTimeout(() => void rest.return?.(), MAX_MS);
  try {
    let bytes = 0;
    while (bytes <= MAX_BYTES) {
      const { done, value } = await rest.next();
      if (done) return;
      bytes += Buffer.isBuffer(value) ? value.length : 0;
    }
    await rest.return?.();
  } catch {
    // It was over anyway.
  } finally {
    clearTimeout(timer);
  }
}
