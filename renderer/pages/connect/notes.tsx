import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { ConnectNote, ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { useConnectTools } from '../../api/connect.ts';
import classes from './notes.module.css';

/** What one must know of the tool: warnings each by itself, the rest together. */
export function Notes({ notes, tone }: { notes: readonly ConnectNote[]; tone: ConnectNote['tone'] }) {
  const shown = notes.filter((note) => note.tone === tone);
  if (shown.length === 0) return null;
  const warns = tone === 'warn';
  const Icon = warns ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.notes} data-tone={tone} {...(warns ? { role: 'note' } : {})}>
      <Icon size={warns ? 17 : 15} stroke={1.5} aria-hidden="true" className={classes.icon ?? ''} />
      <div className={classes.texts}>
        {shown.map(({ text }) => (warns ? <Warning key={text} text={text} /> : <p key={text}>{text}</p>))}
      </div>
    </div>
  );
}

/** The first words stand out: what the matter is, before why. Tools that would do instead are a step away. */
function Warning({ text }: { text: string }) {
  const tools = useConnectTools().data ?? [];
  const [, first, rest = text] = /^([^:]{1,80}): (.+)$/s.exec(text) ?? [];
  const others = first === undefined ? [] : namedIn(rest, tools);
  return (
    <div>
      {first !== undefined && <p className={classes.first}>{first}</p>}
      <p>
        {rest.charAt(0).toUpperCase() + rest.slice(1)}
        {others.map(({ id, label }) => (
          <span key={id}>
            {' '}
            <Anchor component={Link} href={`/connect/${id}`} underline="always">
              Show {label}
            </Anchor>
          </span>
        ))}
      </p>
    </div>
  );
}

function namedIn(text: string, tools: readonly ConnectTool[]): ConnectTool[] {
  return tools.filter(({ label, group }) => group === 'editors' && new RegExp(`\\b${label}\\b`).test(text));
}
