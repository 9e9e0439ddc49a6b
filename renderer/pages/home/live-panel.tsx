import { Anchor } from '@mantine/core';
import { useViewportSize } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { useMembers, useProviders } from '../../api/lists.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { count, duration, NOTHING } from '../../format.ts';
import { toolName } from '../../tools.ts';
import classes from './live-panel.module.css';
import type { LiveRows, RunningRow } from './live-rows.ts';
import { useLiveRows } from './use-live-rows.ts';

/** One line of the table: a request that runs, or one that has ended. */
interface Line {
  id: string;
  at: string;
  member: string | null;
  tool: string;
  model: string | null;
  provider: string | null;
  inputTokens: number;
  running: RunningRow | null;
  done: AuditRow | null;
}

const ROW_PX = 32;
/** What stands above the rows, and the page's foot. */
const ABOVE_PX = 604;
const FEWEST = 6;
const MOST = 20;
const TICK_MS = 500;

/** Requests as they come and go, above the fold. */
export function LivePanel() {
  const { rows, error, retry } = useLiveRows();
  const [, navigate] = useLocation();
  const room = useRoom();
  const now = useTicking(rows !== undefined && rows.running.length > 0);
  const lines = useLines(rows)?.slice(0, room);
  return (
    <Panel
      title="Live"
      note={rows !== undefined && `${count(rows.running.length)} in flight`}
      aside={
        <Anchor component={Link} href="/audit">
          Open audit
        </Anchor>
      }
      flush
    >
      <DataTable
        label="Live requests"
        columns={columns(now)}
        rows={lines}
        rowKey={({ id }) => id}
        rowHeight={ROW_PX}
        onOpen={({ id }) => navigate(`/audit/${id}`)}
        error={error}
        onRetry={retry}
        empty={
          <Empty
            title="No request yet"
            why="Each request shows here the moment it comes, whoever sends it."
            action={
              <Anchor component={Link} href="/connect">
                Connect a tool
              </Anchor>
            }
          />
        }
      />
    </Panel>
  );
}

function useRoom(): number {
  const { height } = useViewportSize();
  return Math.max(FEWEST, Math.min(MOST, Math.floor((height - ABOVE_PX) / ROW_PX)));
}

/** The time, as often as it shows while something runs. */
function useTicking(runs: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!runs) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}

function useLines(rows: LiveRows | undefined): Line[] | undefined {
  const members = useMembers().data;
  const providers = useProviders().data;
  if (rows === undefined) return undefined;
  const nameIn = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    list?.find((one) => one.id === id)?.name ?? null;
  return [
    ...rows.running.map((running) => ({
      ...{ id: running.id, at: running.at, tool: running.tool, model: running.model },
      ...{ member: nameIn(members, running.memberId), provider: nameIn(providers, running.providerId) },
      ...{ inputTokens: running.inputTokens, running, done: null },
    })),
    ...rows.done.map((done) => ({
      ...{ id: done.id, at: done.at, tool: done.tool, model: done.model },
      ...{ member: done.memberName, provider: done.providerName },
      ...{ inputTokens: done.inputTokens, running: null, done },
    })),
  ];
}

function columns(now: number): Column<Line>[] {
  return [
    {
      ...{ id: 'at', header: 'Started', width: 96 },
      cell: ({ at }) => (
        <span className="secondary">
          <Time at={at} />
        </span>
      ),
    },
    { id: 'member', header: 'Member', cell: ({ member }) => <Clipped>{member ?? NOTHING}</Clipped> },
    {
      ...{ id: 'tool', header: 'Tool', from: 1040 },
      cell: ({ tool }) => <span className="secondary">{toolName(tool)}</span>,
    },
    {
      ...{ id: 'model', header: 'Model' },
      cell: ({ model }) => (
        <Clipped>
          <code>{model ?? NOTHING}</code>
        </Clipped>
      ),
    },
    {
      ...{ id: 'provider', header: 'Provider', from: 1040 },
      cell: ({ provider }) => <Clipped secondary>{provider ?? NOTHING}</Clipped>,
    },
    {
      ...{ id: 'in', header: 'Tokens in', align: 'right', width: 92 },
      cell: ({ inputTokens, running }) =>
        running === null ? (
          tokens(inputTokens)
        ) : (
          <span className="muted" title="An estimate until the answer has ended">
            {tokens(inputTokens)}
          </span>
        ),
    },
    {
      ...{ id: 'out', header: 'out', align: 'right', width: 76 },
      cell: ({ done }) => (done === null ? NOTHING : tokens(done.outputTokens)),
    },
    {
      ...{ id: 'time', header: 'Time', align: 'right', width: 76 },
      cell: ({ at, done }) =>
        duration(done === null ? Math.max(0, now - Date.parse(at)) : (done.latencyMs ?? null)),
    },
    { id: 'state', header: 'State', width: 150, cell: (line) => <State {...line} /> },
  ];
}

function tokens(amount: number): string {
  return amount === 0 ? NOTHING : count(amount);
}

function Clipped({ children, secondary = false }: { children: React.ReactNode; secondary?: boolean }) {
  return <span className={secondary ? `${classes.clipped} secondary` : classes.clipped}>{children}</span>;
}

function State({ running, done }: Line) {
  if (running !== null) return <Status tone="info">{STAGES[stageOf(running)]}</Status>;
  if (done === null) return null;
  if (done.code === 'client_closed') return <span className={classes.done}>Client left</span>;
  if (done.status < 400) return <span className={classes.done}>Done</span>;
  // What was never sent to a provider was refused here.
  return <Status tone={done.attempts === 0 ? 'warn' : 'bad'}>{done.code ?? `HTTP ${done.status}`}</Status>;
}

const STAGES = {
  unknown: 'Running',
  admitted: 'First byte…',
  answering: 'Answering',
  streaming: 'Streaming',
} as const;

function stageOf({ stage, streamed }: RunningRow): keyof typeof STAGES {
  return stage === 'answering' && streamed ? 'streaming' : stage;
}
