import { modelsAsked } from '../../connect/doctor/examine-tool.ts';
import { thisMachine } from '../../connect/setup/machine.ts';
import type { Records } from '../../connect/setup/records.ts';
import type { ToolSetup } from '../../connect/setup/tool-setup.ts';
import type { Model } from '../../doors/admin/contract.ts';
import { plain } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Asks before real providers are: their tokens cost, however few.
 * @returns whether to ask the tools' own models
 * @throws CliError when the answer is no
 */
export async function consentToTry(
  terminal: Terminal,
  records: Records,
  setups: readonly ToolSetup[],
): Promise<boolean> {
  const machine = thisMachine();
  const wanted = setups.flatMap((setup) => modelsAsked({ machine, records }, setup).slice(0, 1));
  const { data: models } = await terminal.admin.list<Model>('/models');
  const real = [...new Set(wanted)].filter((id) => id !== 'ntl/echo');
  if (real.length === 0) return true;
  const asked = real.map((id) => {
    const served = models.find((model) => model.id === id);
    const names = [...new Set(served?.targets.map(({ providerName }) => providerName ?? 'a provider') ?? [])];
    return names.length === 0 ? id : `${id} at ${names.join(' or ')}`;
  });
  await terminal.confirm(
    `This asks for one token each: ${plain(asked.join(', '))}. Providers may charge for it. Ask them?`,
  );
  return true;
}
