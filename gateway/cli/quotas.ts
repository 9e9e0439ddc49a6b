import type { Command } from 'commander';
import type { QuotaRow } from '../doors/admin/contract.ts';
import { findKey, findMember } from './find.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count } from './units.ts';

interface QuotaOptions {
  key?: string;
  member?: string;
  type?: string;
}

/** `ntl quotas`: what each model may be asked in a minute, as a member or one of its keys is held to it. */
export function addQuotasCommand(program: Command): void {
  program
    .command('quotas')
    .description('requests, tokens and images a minute by model, as they hold now')
    .argument('[model]', 'part of a model id')
    .option('--key <key>', 'as a key is held to them: id, name or first characters')
    .option('--member <member>', 'as a member is, by id or name; you unless given')
    .option('--type <type>', 'RPM, TPM or IPM')
    .action(async (quotaObject: string | undefined, options: QuotaOptions, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      const { key, member, type: quotaType } = options;
      const list = await admin.list<QuotaRow>('/quotas', {
        ...{ quotaObject, quotaType },
        keyId: key === undefined ? undefined : (await findKey(admin, key)).id,
        memberId: member === undefined ? undefined : (await findMember(admin, member)).id,
      });
      terminal.show(list, () => quotasText(list.data));
    });
}

function quotasText(rows: readonly QuotaRow[]): string {
  return table(
    rows,
    [
      { title: 'MODEL', of: (row) => row.quotaObject },
      { title: 'TYPE', of: (row) => row.quotaType },
      { title: 'NOW', of: (row) => count(row.currentQuota), right: true },
      { title: "PLAN'S", of: (row) => quotaText(row.defaultQuota), right: true },
      {
        title: 'BY PLAN',
        of: ({ quotaItems }) =>
          quotaItems
            .filter(({ quota }) => quota !== null)
            .map(({ tier, quota }) => `${tier} ${quotaText(quota)}`)
            .join(', '),
      },
    ],
    'No limit by the minute holds for such a model.',
  );
}

function quotaText(quota: number | null): string {
  return quota === null ? 'no limit' : count(quota);
}
