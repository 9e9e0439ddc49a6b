import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import type { ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { Dot } from '../../components/status.tsx';
import { Tile } from '../../components/tile.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { seenLately } from './seen-lately.ts';
import { toolLetters } from './tool-letters.ts';
import classes from './tool-list.module.css';

const GROUPS: readonly (readonly [group: ConnectTool['group'], label: string])[] = [
  ['agents', 'Agents'],
  ['editors', 'Editors'],
  ['code', 'Code'],
];

/** The tools there are lines for. */
export function ToolList({ tools, current }: { tools: readonly ConnectTool[]; current: string | null }) {
  const [find, setFind] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Find a tool', () => field.current?.focus());
  const wanted = find.trim().toLowerCase();
  const found = tools.filter(({ label }) => label.toLowerCase().includes(wanted));
  return (
    <nav aria-label="Tools" className={classes.list}>
      <TextInput
        ref={field}
        variant="unstyled"
        className={classes.find ?? ''}
        leftSection={<IconSearch size={15} stroke={1.5} />}
        placeholder="Find a tool"
        aria-label="Find a tool"
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
      />
      {GROUPS.map(([group, label]) => (
        <Group
          key={group}
          label={label}
          tools={found.filter((tool) => tool.group === group)}
          current={current}
        />
      ))}
      {found.length === 0 && (
        <p className={classes.none}>
          No such tool. Whatever speaks OpenAI or Anthropic can use the addresses on Home.
        </p>
      )}
    </nav>
  );
}

function Group({
  label,
  tools,
  current,
}: {
  label: string;
  tools: readonly ConnectTool[];
  current: string | null;
}) {
  // Whoever came with a key or a model goes on with them.
  const chosen = useSearch();
  if (tools.length === 0) return null;
  return (
    <div className={classes.group}>
      <h2 className={classes.heading}>{label}</h2>
      {tools.map((tool) => (
        <Link
          key={tool.id}
          href={`/connect/${tool.id}${chosen === '' ? '' : `?${chosen}`}`}
          className={classes.tool}
          aria-current={tool.id === current ? 'page' : undefined}
        >
          <Tile name={tool.label} letters={toolLetters(tool.id, tool.label)} size={22} />
          <span className={classes.label}>{tool.label}</span>
          {seenLately(tool.lastSeenAt) && (
            <>
              <Dot tone="ok" />
              <span className="visually-hidden">, in use</span>
            </>
          )}
        </Link>
      ))}
    </div>
  );
}
