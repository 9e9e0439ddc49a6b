import { createGateway, type Gateway, type GatewayOptions, StoreError } from '../gateway/gateway.ts';
import { readRuntimeFile } from '../gateway/runtime-file.ts';
import { ask } from './ask.ts';
import type { ElectronParts } from './electron-parts.ts';

type Parts = Pick<ElectronParts, 'dialog' | 'shell'>;

/**
 * Opens the gateway; where its data cannot be opened, says why and asks what to do.
 * @returns null when the owner would rather quit
 */
export async function openGateway(parts: Parts, options: GatewayOptions): Promise<Gateway | null> {
  for (;;) {
    try {
      return await createGateway(options);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const again =
        error.code === 'in_use'
          ? await askInUse(parts, options, error)
          : await askBroken(parts, options, error);
      if (!again) return null;
    }
  }
}

/** Mostly a gateway that was started on a terminal: its panel does what the window would. */
async function askInUse(
  { dialog, shell }: Parts,
  { dataDir }: GatewayOptions,
  { message }: StoreError,
): Promise<boolean> {
  const other = readRuntimeFile(dataDir);
  const panel = other === null ? {} : { panel: 'Open its panel' };
  const answer = await ask<'again' | 'panel' | 'quit'>(dialog, {
    type: 'warning',
    message: 'Another program uses the data folder',
    detail: message,
    answers: { again: 'Try again', ...panel, quit: 'Quit' },
  });
  if (answer === 'panel' && other !== null) await shell.openExternal(other.panelUrl);
  return answer === 'again';
}

const TITLES: Record<Exclude<StoreError['code'], 'in_use'>, string> = {
  damaged: 'The database is damaged',
  newer_version: 'The data is of a newer version',
  not_writable: 'The data folder cannot be used',
  migration_failed: 'The database could not be brought up to date',
  invalid_migrations: 'This installation is incomplete',
};

/** Whoever looks into the folder comes back to the question: what was mended there is tried at once. */
async function askBroken(
  { dialog, shell }: Parts,
  { dataDir }: GatewayOptions,
  error: StoreError,
): Promise<boolean> {
  for (;;) {
    const answer = await ask(dialog, {
      type: 'error',
      message: TITLES[error.code as keyof typeof TITLES],
      detail: error.message,
      answers: { again: 'Try again', folder: 'Open the data folder', quit: 'Quit' },
    });
    if (answer !== 'folder') return answer === 'again';
    await shell.openPath(dataDir);
  }
}
