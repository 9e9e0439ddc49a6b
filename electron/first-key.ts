import type { ElectronParts } from './desktop.ts';

/** Shows the key made at the very first start, this once. */
export async function showFirstKey(
  { dialog, clipboard }: Pick<ElectronParts, 'dialog' | 'clipboard'>,
  key: string,
  url: string,
): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'info',
    title: 'NoTokenLimit Desktop',
    message: 'Your first key',
    detail: `${key}\n\nIt is shown this once. Tools use it as their API key, with ${url}/api/v1 as base URL.`,
    buttons: ['Copy the key', 'Close without copying'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) clipboard.writeText(key);
}
