import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { KeychainCalls, KeychainReply, KeychainRequest } from './keychain-calls.ts';

const HELPER = fileURLToPath(new URL('./keychain-helper.ts', import.meta.url));

/**
 * keytar in a process of its own, for Node on Linux. There libsecret waits without limit for a prompt
 * nobody answers, keeps the process from exiting meanwhile, and never finds a Secret Service again
 * that was restarted (seen with libsecret 0.20.5 and gnome-keyring 42). A process can be ended and
 * started anew, in about 50 ms. Secrets cross on the IPC socket pair, which no other process can open.
 */
export class HelperProcessCalls implements KeychainCalls {
  readonly #env: NodeJS.ProcessEnv;
  #helper: ChildProcess | undefined;

  /** @param env the helper's environment: which D-Bus session it talks to */
  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#env = env;
  }

  call(request: KeychainRequest): Promise<string | null> {
    this.#helper ??= startHelper(this.#env);
    const helper = this.#helper;
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        helper.off('message', onMessage).off('exit', onGone).off('error', onGone);
        done();
      };
      const onGone = (): void => settle(() => reject(new Error('the keychain helper process ended')));
      const onMessage = (reply: KeychainReply): void =>
        settle(() => ('error' in reply ? reject(new Error(reply.error)) : resolve(reply.value)));
      helper.on('message', onMessage).on('exit', onGone).on('error', onGone);
      helper.send(request, (error) => {
        if (error) onGone();
      });
    });
  }

  reset(): void {
    this.#helper?.kill('SIGKILL');
    this.#helper = undefined;
  }
}

function startHelper({ NTL_VAULT_PASSPHRASE: _, ...env }: NodeJS.ProcessEnv): ChildProcess {
  const helper = fork(HELPER, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  // Without a listener a failed start would end the gateway.
  helper.on('error', () => undefined);
  // It must not keep the gateway alive; a call under way does, by its time-out.
  helper.unref();
  helper.channel?.unref();
  return helper;
}
