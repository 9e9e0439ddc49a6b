import { AdminError } from '../api/admin-api.ts';

/** One address or range a line; none means any address. */
export function parseAddresses(text: string): string[] | null {
  const lines = text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : lines;
}

export function addressText(addresses: readonly string[] | null): string {
  return (addresses ?? []).join('\n');
}

/** Runs what sends addresses; a refusal then says which of them it means. */
export async function namingAddress<Answer>(text: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const named = error instanceof AdminError ? /^(\w+)\[(\d+)\]$/.exec(error.param ?? '') : null;
    const wrong = parseAddresses(text)?.[Number(named?.[2])];
    if (wrong === undefined || !(error instanceof AdminError)) throw error;
    const { status, code } = error;
    throw new AdminError(status, {
      code,
      message: `“${wrong}” is none. ${error.message}`,
      param: named?.[1] ?? null,
    });
  }
}
