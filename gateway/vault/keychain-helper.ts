/** The helper process of `keychain-process.ts`: answers each KeychainRequest with one KeychainReply. */
import { callKeytar, type KeychainReply, type KeychainRequest } from './keychain-calls.ts';

process.on('message', (request: KeychainRequest) => {
  answer(request).then((reply) => process.send?.(reply));
});

// The gateway is gone. An ordinary exit would wait for a call that is still under way.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answer(request: KeychainRequest): Promise<KeychainReply> {
  try {
    return { value: await callKeytar(request) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
