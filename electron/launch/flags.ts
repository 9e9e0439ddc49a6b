import { Command } from 'commander';

export interface LaunchFlags {
  dataDir?: string;
  host?: string;
  port?: string;
  /** Starts in the tray, without a window. */
  hidden?: boolean;
  /** False with `--no-sandbox`. */
  sandbox: boolean;
}

/**
 * The flags of `npm start`, which are those of `ntl serve`, the app's `--hidden` and Electron's `--no-sandbox`. Ends the process
 * with a message where they cannot be understood, and for `--help`.
 * @param args without Node and the script
 */
export function readFlags(args: readonly string[]): LaunchFlags {
  const command = new Command('npm start --')
    .description('Opens the desktop app; where there can be no window, starts the gateway without it.')
    .option('--data-dir <folder>', 'where data lives (or NTL_DATA_DIR)')
    .option('--host <address>', 'address to listen on, 127.0.0.1 unless given (or NTL_HOST)')
    .option('--port <port>', '7411 unless given, 0 for a free one (or NTL_PORT)')
    .option('--hidden', 'starts in the tray, without a window')
    .option('--no-sandbox', 'lets root open the window on Linux, less protected');
  return command.parse(args, { from: 'user' }).opts<LaunchFlags>();
}
