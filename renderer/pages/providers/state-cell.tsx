import { Anchor, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Provider } from '../../../gateway/doors/admin/contract.ts';
import { PROVIDER_LOOKS } from '../../components/provider-look.ts';
import { Status } from '../../components/status.tsx';
import { comingMoment, moment } from '../../format.ts';
import classes from './state-cell.module.css';

interface StateCellProps {
  provider: Provider;
  testing: boolean;
  onTest: () => void;
}

/** How a provider stands, since when, and what mends it. */
export function StateCell({ provider, testing, onTest }: StateCellProps) {
  const { state } = provider;
  const { tone, word } = PROVIDER_LOOKS[state.kind];
  if (testing) return <Status tone="info">Testing…</Status>;
  const line = lineOf(provider, onTest);
  return (
    <span className={classes.cell}>
      <Status tone={tone} quiet={tone === 'ok'}>
        {state.message === null ? (
          word
        ) : (
          <Tooltip label={state.message} multiline maw={360}>
            <span>{word}</span>
          </Tooltip>
        )}
      </Status>
      {line !== null && <span className={classes.line}>{line}</span>}
    </span>
  );
}

function lineOf({ id, state }: Provider, onTest: () => void): ReactNode {
  const { kind, since, until, message } = state;
  const sinceWhen = since === null ? '' : `since ${shortMoment(since)}. `;
  const test = (
    <Anchor component="button" type="button" underline="always" onClick={onTest}>
      {kind === 'untested' ? 'Test' : 'Test again'}
    </Anchor>
  );
  const credential = (verb: string) => (
    <Anchor component={Link} href={`/providers/${id}?replace`} underline="always">
      {verb}
    </Anchor>
  );
  switch (kind) {
    case 'credential_refused':
      return (
        <>
          {sinceWhen}
          {credential('Replace')}
        </>
      );
    case 'no_credential':
      return credential('Add a key');
    case 'cooling_down':
      return until === null ? sinceWhen : `until ${comingMoment(until)}`;
    case 'failing':
      return (
        <>
          {sinceWhen}
          {test}
        </>
      );
    case 'untested':
      return test;
    // One of its models fails.
    case 'answers':
      return message === null ? null : <span className={classes.message}>{message}</span>;
    case 'off':
      return null;
  }
}

/** Without seconds: a row has no room for them. */
function shortMoment(iso: string): string {
  return moment(iso).replace(/^(\d\d:\d\d):\d\d$/, '$1');
}
