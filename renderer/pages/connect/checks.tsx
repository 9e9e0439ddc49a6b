import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { ConnectFinding, ConnectRecipe, ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { useModels, useSettings } from '../../api/lists.ts';
import { wordsOf } from '../../components/states.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { duration } from '../../format.ts';
import { allowance } from './allowance.ts';
import { Check } from './check.tsx';
import classes from './checks.module.css';
import { FirstRequest } from './first-request.tsx';
import type { KeyChoice } from './key-choice.ts';
import { useReach } from './use-reach.ts';

interface ChecksProps {
  tool: ConnectTool;
  recipe: ConnectRecipe;
  choice: KeyChoice | null;
  /** Of its own settings as they are. */
  findings: readonly ConnectFinding[];
  /** Of the key that the tool has. */
  keyId: string | null;
  /** Whether the address it listens at will do. */
  reachable: boolean;
}

/** Whether it works: what can be known beforehand, then its first request. */
export function Checks({ tool, recipe, choice, findings, keyId, reachable }: ChecksProps) {
  const lead = findings.find(({ state, check }) => state === 'ok' && check === 'request');
  return (
    <ul className={classes.checks} aria-label="Checks">
      {reachable && <Reach />}
      {choice !== null && <Allowed model={recipe.model} choice={choice} />}
      {lead !== undefined && (
        <Check ok title="Its settings lead here">
          {lead.what}
        </Check>
      )}
      <FirstRequest tool={tool} keyId={keyId} firstRequest={recipe.firstRequest} />
    </ul>
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
