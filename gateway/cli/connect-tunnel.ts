/** Tools whose own servers make the calls are told the address of the tunnel that this gateway has open. */
import type { ConnectRecipe, Key, Tunnel } from '../doors/admin/contract.ts';
import { findRecipe, type PlaceOptions } from './connect-tool.ts';
import type { Terminal } from './terminal.ts';

export interface Reaching {
  recipe: ConnectRecipe;
  /** The tunnel's address, where the tool is told that. */
  tunnel: string | null;
}

/** What the tool is to be told: an address that was named goes before the tunnel's. */
export async function reaching(terminal: Terminal, tool: string, options: PlaceOptions): Promise<Reaching> {
  const recipe = await findRecipe(terminal, tool, options);
  if (!needsPublicAddress(recipe) || options.address !== undefined) return { recipe, tunnel: null };
  const { url } = await terminal.admin.get<Tunnel>('/tunnel');
  if (url === null) return { recipe, tunnel: null };
  return { recipe: await findRecipe(terminal, tool, { ...options, address: url }), tunnel: url };
}

export function needsPublicAddress({ fields }: ConnectRecipe): boolean {
  return fields.includes('address');
}

/** No key may come through it that was not allowed to. */
export async function letThroughTunnel({ admin }: Terminal, keyId: string): Promise<void> {
  await admin.patch<Key>(`/keys/${keyId}`, { tunnel: true });
}
