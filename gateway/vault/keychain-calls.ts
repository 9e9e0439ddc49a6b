/** One call to the operating system's keychain, as it crosses to the helper process. */
export interface KeychainRequest {
  op: 'get' | 'set' | 'delete';
  service: string;
  account: string;
  /** With `set` only. */
  secret?: string;
}

/** `value`: the secret for `get`, 'deleted' or null for `delete`, null for `set`. `error`: the system's words. */
export type KeychainReply = { value: string | null } | { error: string };

/** Somewhere keytar runs: in this process, or in a helper process. */
export interface KeychainCalls {
  /** One at a time. @throws Error in the system's words; it may name paths, so it is not for callers */
  call(request: KeychainRequest): Promise<string | null>;
  /** Gives up a call that takes too long, and drops what a failed call may have left broken. */
  reset(): void;
}

/**
 * Asks keytar. It is loaded with the first call: on Linux its native part needs libsecret and throws
 * where that is missing. `findCredentials` is not used: on Linux it dereferences NULL for locked entries.
 */
export async function callKeytar(request: KeychainRequest): Promise<string | null> {
  const { default: keytar } = await import('keytar');
  const { op, service, account } = request;
  if (op === 'get') return keytar.getPassword(service, account);
  if (op === 'delete') return (await keytar.deletePassword(service, account)) ? 'deleted' : null;
  await keytar.setPassword(service, account, request.secret ?? '');
  return null;
}

/**
 * keytar in this process, for macOS, Windows and Electron: a keychain there knows its callers by
 * their program. A call the system does not finish cannot be ended; until it ends no other is made,
 * because each would hold one of the four threads of Node's pool.
 */
export class InProcessCalls implements KeychainCalls {
  #pending: Promise<unknown> | undefined;

  call(request: KeychainRequest): Promise<string | null> {
    if (this.#pending !== undefined)
      return Promise.reject(new Error('locked: an earlier call is not finished'));
    const pending = callKeytar(request).finally(() => {
      this.#pending = undefined;
      process.off('exit', endWithoutWaiting);
    });
    this.#pending = pending;
    return pending;
  }

  reset(): void {
    if (this.#pending === undefined) return;
    process.off('exit', endWithoutWaiting).once('exit', endWithoutWaiting);
  }
}

/** At exit Node waits for its pool's threads: with a prompt nobody answers that would be for ever. */
function endWithoutWaiting(): void {
  process.kill(process.pid, 'SIGKILL');
}
