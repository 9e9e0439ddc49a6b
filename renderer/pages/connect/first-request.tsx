import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { AuditRow, ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { Waiting } from '../../components/waiting.tsx';
import { duration, moment } from '../../format.ts';
import { toolName } from '../../tools.ts';
import { explain } from '../audit/explanations.ts';
import { Check } from './check.tsx';
import classes from './checks.module.css';
import { useFirstRequest } from './use-first-request.ts';

interface FirstRequestProps {
  tool: ConnectTool;
  /** Of the key that the tool has. */
  keyId: string | null;
  /** What to do so that it comes. */
  firstRequest: string;
}

/** Waits for what the tool sends, and tells what came of it. */
export function FirstRequest({ tool, keyId, firstRequest }: FirstRequestProps) {
  const { seenAs, lastSeenAt, label } = tool;
  const { running, ended } = useFirstRequest({ seenAs, keyId });
  if (ended !== null)
    return ended.status < 400 ? <Served row={ended} label={label} /> : <Refused row={ended} label={label} />;
  return (
    <li className={classes.check}>
      <Waiting>
        {running
          ? 'Its request is here and runs'
          : `Waiting for its ${lastSeenAt === null ? 'first' : 'next'} request`}
      </Waiting>
      {!running && <span className={classes.more}>{firstRequest}</span>}
    </li>
  );
}

function Served({ row, label }: { row: AuditRow; label: string }) {
  return (
    <Check ok title={`${label} works`}>
      {came(row)}, {duration(row.latencyMs)}. <RowLink row={row}>Look at it</RowLink>
    </Check>
  );
}

/** The words of the audit log, with what to do. */
function Refused({ row, label }: { row: AuditRow; label: string }) {
  const { code, status } = row;
  const explanation = explain(row);
  return (
    <Check ok={false} title={`${label} reached it and was answered ${code ?? status}`}>
      {came(row)}. <RowLink row={row}>See why</RowLink>
      {explanation !== null && (
        <span className={classes.why}>
          {explanation.title}. {explanation.remedy}
          {explanation.links
            .filter(({ href }) => href !== '/connect')
            .map(({ label: words, href }) => (
              <span key={href}>
                {' '}
                <Anchor component={Link} href={href} underline="always">
                  {words}
                </Anchor>
              </span>
            ))}
        </span>
      )}
    </Check>
  );
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  chat: 'Chat Completions',
  responses: 'Responses',
  messages: 'Messages',
  completions: 'Completions',
  embeddings: 'Embeddings',
  count_tokens: 'a token count',
};

/** When, as whose, for which model and in which protocol. */
function came({ at, tool, model, endpoint }: AuditRow): string {
  return [
    moment(at),
    `known as ${toolName(tool)}`,
    model ?? 'no model',
    `by ${PROTOCOLS[endpoint] ?? endpoint}`,
  ].join(', ');
}

function RowLink({ row, children }: { row: AuditRow; children: string }) {
  return (
    <Anchor component={Link} href={`/audit/${row.id}`} underline="always">
      {children}
    </Anchor>
  );
}
