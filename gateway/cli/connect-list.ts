import { detect } from '../connect/setup/detect.ts';
import { shownPath, thisMachine } from '../connect/setup/machine.ts';
import { Records } from '../connect/setup/records.ts';
import { SETUPS } from '../connect/setup/setups.ts';
import { isInstalled } from '../connect/setup/tool-setup.ts';
import type { ConnectTool, List } from '../doors/admin/contract.ts';
import { table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

interface Row {
  tool: string;
  label: string;
  installed: boolean;
  version: string | null;
  where: string | null;
  model: string | null;
  lastSeenAt: string | null;
}

/** All tools: whether they are installed, connected, and were seen. */
export async function showConnectable(terminal: Terminal): Promise<void> {
  const { data: tools } = await terminal.admin.get<List<ConnectTool>>('/connect/tools');
  const machine = thisMachine();
  const records = new Records(terminal.dataDir);
  const rows = SETUPS.map((setup): Row => {
    const marks = setup.marks(machine);
    const found = detect(machine, marks);
    const tool = tools.find(({ id }) => id === setup.id);
    const [extension] = found.extensions;
    return {
      tool: setup.id,
      label: tool?.label ?? setup.id,
      installed: isInstalled(found, marks),
      version: found.version ?? extension?.version ?? null,
      where: found.command ?? extension?.editor.name ?? null,
      model: records.get(setup.id)?.model ?? null,
      lastSeenAt: tool?.lastSeenAt ?? null,
    };
  });
  terminal.show({ data: rows }, () =>
    table(
      rows,
      [
        { title: 'TOOL', of: ({ tool }) => tool },
        { title: 'INSTALLED', of: (row) => (row.installed ? (row.version ?? 'yes') : null) },
        { title: 'WHERE', of: ({ where }) => where && shownPath(machine, where) },
        { title: 'CONNECTED, WITH', of: ({ model }) => model },
        { title: 'LAST SEEN', of: ({ lastSeenAt }) => (lastSeenAt === null ? null : localTime(lastSeenAt)) },
      ],
      'There are no tools.',
    ).concat(`\nConnect one: ${terminal.commandLine('connect claude-code')}\n`),
  );
}
