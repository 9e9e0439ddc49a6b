import type { AuditRow, ErrorAnswer, List, Status, UsageList } from '../../gateway/doors/admin/contract.ts';

/** The gateway answered with an error. `status` is HTTP's; `message` is for people. */
export class AdminError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'AdminError';
    this.status = status;
  }
}

/** GET of an admin route, such as `/status`. In the window it never leaves the process, in a browser it carries the session. */
export async function askAdmin(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(`/admin/api${path}`, { signal: signal ?? null });
  if (!response.ok) throw new AdminError(response.status, await messageOf(response));
  return response;
}

export async function readStatus(signal: AbortSignal): Promise<Status> {
  return (await askAdmin('/status', signal)).json();
}

/** Newest first. */
export async function readLatestRequests(count: number, signal: AbortSignal): Promise<AuditRow[]> {
  const list: List<AuditRow> = await (await askAdmin(`/requests?pageSize=${count}`, signal)).json();
  return list.data;
}

/** Sums since a moment; it is taken back to the full hour. */
export async function readUsageSince(moment: Date, signal: AbortSignal): Promise<UsageList['totals']> {
  const query = new URLSearchParams({ step: 'total', startDate: moment.toISOString() });
  const list: UsageList = await (await askAdmin(`/usage?${query}`, signal)).json();
  return list.totals;
}

async function messageOf(response: Response): Promise<string> {
  try {
    const answer: ErrorAnswer = await response.json();
    return answer.error.message;
  } catch {
    return `The gateway answered ${response.status}.`;
  }
}
