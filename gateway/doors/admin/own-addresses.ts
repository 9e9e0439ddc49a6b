import type { AdminParts } from './parts.ts';

/** Where this gateway answers, as URLs: also at Ollama's port, where it would pass for Ollama. */
export function ownAddresses({ runtime, system }: Pick<AdminParts, 'runtime' | 'system'>): string[] {
  const { url } = system.ollamaPort;
  return [...runtime().addresses, ...(url === null ? [] : [url])];
}
