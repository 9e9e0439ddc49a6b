import { useEffect, useRef, useState } from 'react';
import type { AuditRow } from '../../../../gateway/doors/admin/contract.ts';
import { useStatus } from '../../../api/lists.ts';
import { CopyBlock } from '../../../components/copy-button.tsx';
import { Notice } from '../../../components/states.tsx';
import { Waiting } from '../../../components/waiting.tsx';
import { FirstKeyBox } from './first-key-box.tsx';
import classes from './first-request-step.module.css';
import { helloLines, shellOf } from './hello-lines.ts';
import { Step, type StepState } from './step.tsx';

/** The built-in model answers before there is any provider: the first real request, from a terminal. */
export function FirstRequestStep({ refused, ...state }: StepState & { refused: AuditRow | null }) {
  const [key, setKey] = useState<string | null>(null);
  const [url] = useStatus().data?.addresses ?? [];
  // Ticked while one looks at it, the key is still to be stored.
  const walked = useRef(false);
  useEffect(() => {
    if (state.current) walked.current = true;
  }, [state.current]);
  return (
    <Step
      {...state}
      number={2}
      title="Send a first request"
      line={
        <>
          The built-in model <code>ntl/echo</code> answers here, without any provider.
        </>
      }
    >
      <FirstKeyBox needed={state.current} onKey={setKey} />
      {state.current && url !== undefined && (
        <div className={classes.lines}>
          <CopyBlock text={helloLines(url, key, shellOf(navigator.platform))} label="the lines" />
        </div>
      )}
      {state.current && (
        <div className={classes.waiting}>
          {refused === null ? (
            <Waiting>Waiting for the request. This step ticks itself.</Waiting>
          ) : (
            <Notice tone="warn">{refusedWords(refused)}</Notice>
          )}
        </div>
      )}
    </Step>
  );
}

function refusedWords({ code, status, model }: AuditRow): string {
  if (code === 'invalid_key' || code === 'missing_auth')
    return `A request came without a key that holds here (${code}). Copy the key above into the lines.`;
  if (code === 'unknown_model')
    return `A request came for ${model ?? 'a model'} that is not here yet. ntl/echo is.`;
  return `A request came and was answered ${status}${code === null ? '' : `, ${code}`}.`;
}
