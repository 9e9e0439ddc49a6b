import { type Gateway, ListenError } from '../gateway/gateway.ts';
import type { ElectronParts } from './desktop.ts';

const FREE_PORT = 0;

/**
 * Makes the gateway listen; where its address cannot be had, asks the owner whether to take a free port.
 * @returns the gateway's URL, or null when the owner would rather quit
 */
export async function listenOrAsk(
  gateway: Pick<Gateway, 'listen'>,
  dialog: ElectronParts['dialog'],
  host: string,
  port: number,
): Promise<string | null> {
  try {
    return await gateway.listen(host, port);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: 'NoTokenLimit Desktop',
      message: 'The gateway cannot use its address',
      detail: `${error.message}\n\nWith a free port, tools that know the old address do not find the gateway this time.`,
      buttons: ['Use a free port', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    });
    return response === 0 ? gateway.listen(host, FREE_PORT) : null;
  }
}
