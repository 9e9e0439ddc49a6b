import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Provider, ProviderTest } from '../../../gateway/doors/admin/contract.ts';
import { Notice } from '../../components/states.tsx';
import { duration, plural } from '../../format.ts';
import classes from './verdict.module.css';

const TITLES: Readonly<Record<ProviderTest['verdict'], string>> = {
  ok: 'Answers',
  no_credential: 'No key yet.',
  wrong_credential: 'Key refused.',
  vault_unavailable: 'The vault does not open.',
  unreachable: 'No answer.',
  certificate: 'Its certificate is not trusted.',
  not_an_api: 'Something answers, but no API of this kind.',
  rate_limited: 'It answers, and asks to wait.',
  provider_error: 'It answers with a failure of its own.',
};

/** They may list their models to whoever asks: the list proves nothing of the key. */
const PROVE_NOTHING: readonly Provider['kind'][] = [
  ...(['novita', 'openai-compatible', 'anthropic-compatible'] as const),
  ...(['ollama', 'lmstudio', 'llamacpp', 'vllm'] as const),
];

interface VerdictProps {
  test: ProviderTest;
  kind: Provider['kind'];
  /** A key went with the call. */
  withKey: boolean;
  /** Named where it stands among others. */
  name?: string;
  action?: ReactNode;
}

/** What a test told, in words. */
export function Verdict({ test, kind, withKey, name, action }: VerdictProps) {
  const tone = test.ok ? 'ok' : test.verdict === 'rate_limited' ? 'warn' : 'bad';
  const Icon = { ok: IconCheck, warn: IconAlertTriangle, bad: IconX }[tone];
  const title = test.ok ? `Answers in ${duration(test.latencyMs)}.` : TITLES[test.verdict];
  return (
    <Notice tone={tone} action={action}>
      <span className={classes.words} data-tone={tone}>
        <Icon size={16} className={classes.icon ?? ''} />
        <span>
          <b>
            {name === undefined ? '' : `${name}: `}
            {title}
          </b>{' '}
          {test.ok ? whatAnswers(test, kind, withKey) : test.message}
        </span>
      </span>
    </Notice>
  );
}

function whatAnswers({ models }: ProviderTest, kind: Provider['kind'], withKey: boolean): string {
  if (models === 0) return 'It lists no models: write the names of those you want.';
  const found = `${plural(models, 'model')} found`;
  return withKey && !PROVE_NOTHING.includes(kind) ? `Key accepted, ${found}.` : `${found}.`;
}

/** Runs a test from within a notice. */
export function TestAgain({ onClick }: { onClick: () => void }) {
  return (
    <Anchor component="button" type="button" onClick={onClick}>
      Test again
    </Anchor>
  );
}
