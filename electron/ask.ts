import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';

export interface Question<Answer extends string> {
  type: 'info' | 'warning' | 'error';
  message: string;
  detail: string;
  /** What each answer's button says. The first is the usual one, the last what closing the box means. */
  answers: Readonly<Partial<Record<Answer, string>>>;
  /** Takes the box away again. */
  signal?: AbortSignal;
  /** What it hangs on. */
  window?: BrowserWindow | undefined;
}

/** Asks in a box of the system. */
export async function ask<Answer extends string>(
  dialog: ElectronParts['dialog'],
  { answers, signal, window, ...question }: Question<Answer>,
): Promise<Answer> {
  const names = Object.keys(answers) as Answer[];
  const options: MessageBoxOptions = {
    ...question,
    title: APP_NAME,
    buttons: names.map((name) => answers[name] ?? name),
    defaultId: 0,
    cancelId: names.length - 1,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  };
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return names[response] ?? (names.at(-1) as Answer);
}
