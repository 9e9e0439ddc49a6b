import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useStatus } from '../../../api/lists.ts';
import { hostOf, isOwn } from '../addresses.ts';
import classes from './step.module.css';

export interface StepState {
  ticked: boolean;
  /** The one to do now. */
  current: boolean;
}

interface StepProps extends StepState {
  number: number;
  title: string;
  line: ReactNode;
  /** At the right. */
  action?: ReactNode;
  /** Under it, while it is the one to do. */
  children?: ReactNode;
}

/** A step of the set-up: its number, or a tick. */
export function Step({ ticked, current, number, title, line, action, children }: StepProps) {
  return (
    <li className={classes.step} aria-current={current ? 'step' : undefined}>
      <span className={classes.mark} data-ticked={ticked || undefined} data-current={current || undefined}>
        {ticked ? <IconCheck size={14} stroke={2} aria-hidden="true" /> : number}
        <span className="visually-hidden">{ticked ? 'Done:' : ':'}</span>
      </span>
      <div className={classes.body}>
        <div className={classes.head}>
          <div className={classes.words}>
            <h2 className={classes.title}>{title}</h2>
            <p className={classes.line}>{line}</p>
          </div>
          {action}
        </div>
        {children}
      </div>
    </li>
  );
}

export function UpStep(state: StepState) {
  const [url] = useStatus().data?.addresses ?? [];
  return (
    <Step
      {...state}
      number={1}
      title="The gateway is up"
      line={
        url === undefined ? (
          'It listens nowhere: only this window reaches it.'
        ) : (
          <>
            Listening on <code>{hostOf(url)}</code>
            {isOwn(url) ? ', for this computer only.' : '.'}
          </>
        )
      }
    />
  );
}

/** A step that is done on another page. */
export function LinkStep({ action, href, ...step }: StepProps & { action: string; href: string }) {
  return (
    <Step
      {...step}
      action={
        !step.ticked && (
          <Button component={Link} href={href} variant={step.current ? 'filled' : 'default'}>
            {action}
          </Button>
        )
      }
    />
  );
}
