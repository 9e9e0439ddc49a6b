import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AuditRow, ConnectRecipe, ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { useModels, useSettings } from '../../api/lists.ts';
import { wordsOf } from '../../components/states.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { duration, moment } from '../../format.ts';
import { allowance } from './allowance.ts';
import classes from './checks.module.css';
import type { KeyChoice } from './key-choice.ts';
import { useFirstRequest } from './use-first-request.ts';
import { useReach } from './use-reach.ts';

interface ChecksProps {
  tool: ConnectTool;
  recipe: ConnectRecipe;
  choice: KeyChoice | null;
  /** Whether the address it listens at will do. */
  reachable: boolean;
}

/** Whether it works: what can be known beforehand, then its first request. */
export function Checks({ tool, recipe, choice, reachable }: ChecksProps) {
  return (
    <ul className={classes.checks} aria-label="Checks">
      {reachable && <Reach />}
      {choice !== null && <Allowed model={recipe.model} choice={choice} />}
      <FirstRequest tool={tool} firstRequest={recipe.firstRequest} />
    </ul>
  );
}

function Check({ ok, title, children }: { ok: boolean; title: string; children?: ReactNode }) {
  return (
    <li className={classes.check} data-ok={ok}>
      {ok ? (
        <IconCheck size={16} stroke={1.8} aria-label="Yes:" />
      ) : (
        <IconAlertTriangle size={16} stroke={1.6} aria-label="No:" />
      )}
      <span>{title}</span>
      <span className={classes.more}>{children}</span>
    </li>
  );
}

function Reach() {
  const { data, error } = useReach(null);
  if (error !== null) {
    return (
      <Check ok={false} title="Whether the address answers is not known">
        {wordsOf(error)}
      </Check>
    );
  }
  if (data === undefined) {
    return (
      <li className={classes.check}>
        <Waiting>Trying the address</Waiting>
      </li>
    );
  }
  if (data.verdict !== 'here') {
    return (
      <Check ok={false} title="The address does not answer">
        {data.message}
      </Check>
    );
  }
  return (
    <Check ok title="Address answers">
      {new URL(data.address).host}, {duration(data.latencyMs)}
    </Check>
  );
}

function Allowed({ model, choice }: { model: string; choice: KeyChoice }) {
  const models = useModels().data;
  const auto = useSettings().data?.defaultModel ?? null;
  if (models === undefined) return null;
  const { ok, title, line, fix } = allowance(model, choice, models, auto);
  return (
    <Check ok={ok} title={title}>
      {line}
      {fix !== null && (
        <>
          {' '}
          <Anchor component={Link} href={fix.href} underline="always">
            {fix.label}
          </Anchor>
        </>
      )}
    </Check>
  );
}

function FirstRequest({ tool, firstRequest }: { tool: ConnectTool; firstRequest: string }) {
  const { running, ended } = useFirstRequest(tool.seenAs);
  if (ended !== null) return <Arrived row={ended} label={tool.label} />;
  return (
    <li className={classes.check}>
      <Waiting>
        {running
          ? 'Its request is here and runs'
          : `Waiting for its ${tool.lastSeenAt === null ? 'first' : 'next'} request`}
      </Waiting>
      {!running && <span className={classes.more}>{firstRequest}</span>}
    </li>
  );
}

function Arrived({ row, label }: { row: AuditRow; label: string }) {
  const { id, at, model, code, status, latencyMs } = row;
  const ok = status < 400;
  const link = (
    <Anchor component={Link} href={`/audit/${id}`} underline="always">
      {ok ? 'Look at it' : 'See why'}
    </Anchor>
  );
  if (!ok) {
    return (
      <Check ok={false} title={`${label} reached it and was answered ${code ?? status}`}>
        {moment(at)}, {model ?? 'no model'}. {link}
      </Check>
    );
  }
  return (
    <Check ok title={`${label} works`}>
      {moment(at)}, {model ?? 'no model'}, {duration(latencyMs)}. {link}
    </Check>
  );
}
