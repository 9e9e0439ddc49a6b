import type { Alert, AlertAnswer } from '../gateway/doors/admin/contract.ts';
import { APP_NAME } from './electron-parts.ts';
import type { Notice } from './notifications.ts';

/** As buttons of a notification name them: short, each with its verb. */
const LABELS: Record<AlertAnswer, string> = {
  fine: 'It’s fine',
  block: 'Block address',
  unblock: 'Unblock',
  suspend: 'Suspend member',
  revoke: 'Revoke key',
};

/** An alert as a notification; its answers are one click where the system has buttons. */
export function alertNotice(
  { message, answers }: Pick<Alert, 'message' | 'answers'>,
  answer: (answer: AlertAnswer) => void,
): Notice {
  const actions = answers.map((named) => ({ label: LABELS[named], run: () => answer(named) }));
  return { title: APP_NAME, body: message, place: '/security', actions };
}
