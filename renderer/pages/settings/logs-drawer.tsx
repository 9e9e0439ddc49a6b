import { Drawer, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogLine, Logs } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { STATUS } from '../../api/query-keys.ts';
import { Empty, Failed, Skeletons } from '../../components/states.tsx';
import { Dot, type Tone } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import classes from './logs-drawer.module.css';

const LINES = 300;
const REFRESH_MS = 5_000;
const TONES: Record<LogLine['level'], Tone> = {
  debug: 'off',
  info: 'info',
  warn: 'warn',
  error: 'bad',
  fatal: 'bad',
};
const LEVELS = [
  { value: '', label: 'All' },
  { value: 'warn', label: 'Warnings' },
  { value: 'error', label: 'Errors' },
];

/** The log's last lines, newest first. */
export function LogsDrawer({ onClose }: { onClose: () => void }) {
  const [level, setLevel] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: [STATUS, 'logs', level],
    queryFn: ({ signal }) => getJson<Logs>('/logs', { level, limit: LINES }, signal),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Drawer opened onClose={onClose} title="The gateway’s log" size={720}>
      <div className={classes.head}>
        <SegmentedControl aria-label="Level" data={LEVELS} value={level} onChange={setLevel} />
        {data?.file != null && <code className="muted">{data.file}</code>}
      </div>
      <div className={classes.lines}>
        {data === undefined && error === null && <Skeletons />}
        {data === undefined && error !== null && (
          <Failed what="The log" error={error} onRetry={() => void refetch()} />
        )}
        {data?.data.length === 0 && <Empty title="Nothing here" why="No line of this level was written." />}
        {data?.data.map((line, index) => (
          <Line key={`${line.at} ${index}`} line={line} />
        ))}
      </div>
    </Drawer>
  );
}

function Line({ line }: { line: LogLine }) {
  const fields = Object.keys(line.fields).length === 0 ? null : JSON.stringify(line.fields, null, 2);
  return (
    <article className={classes.line}>
      <p className={classes.words}>
        <Dot tone={TONES[line.level]} />
        <span className="visually-hidden">{line.level}</span>
        <span className="muted">
          <Time at={line.at} />
        </span>
        <span>{line.message}</span>
      </p>
      {fields !== null && (
        <details className={classes.fields}>
          <summary>Details</summary>
          <pre>{fields}</pre>
        </details>
      )}
    </article>
  );
}
