import { Anchor, Button } from '@mantine/core';
import { Link } from 'wouter';
import type { PlaygroundDone } from '../../../gateway/doors/admin/contract.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { dollars, duration, plural } from '../../format.ts';
import { isOpen, type Turn } from './conversation.ts';
import { remedyOf } from './remedies.ts';
import classes from './turn-view.module.css';
import { useIsPriced } from './use-is-priced.ts';

/** A question, what came of it, and what that took. */
export function TurnView({ turn, onAgain }: { turn: Turn; onAgain: () => void }) {
  const { question, answer, reasoning, model, state } = turn;
  return (
    <article className={classes.turn}>
      <div className={classes.question}>
        <span className="visually-hidden">You: </span>
        {question}
      </div>
      <div className={classes.answer}>
        <p className={classes.model}>
          <code>{model}</code>
        </p>
        {reasoning !== '' && (
          <details className={classes.reasoning} open={answer === '' && isOpen(turn)}>
            <summary>Reasoning</summary>
            <p className={classes.text}>{reasoning}</p>
          </details>
        )}
        {answer !== '' && <p className={classes.text}>{answer}</p>}
        {state === 'asking' && <Waiting>Waiting for the first token</Waiting>}
        {turn.error !== null && <Refused turn={turn} onAgain={onAgain} />}
        <span className="visually-hidden" role="status">
          {state === 'done' && 'The answer is complete.'}
        </span>
        {!isOpen(turn) && <Foot turn={turn} onAgain={onAgain} />}
      </div>
    </article>
  );
}

/** The gateway's own words name what holds and when it ends; this adds the way to change it. */
function Refused({ turn: { error, memberId }, onAgain }: { turn: Turn; onAgain: () => void }) {
  if (error === null) return null;
  const remedy = remedyOf(error.code, memberId);
  return (
    <div className={classes.refused} role="alert">
      <p>
        <code className={classes.code}>{error.code}</code> {error.message}
      </p>
      <div className={classes.ways}>
        <Button size="compact-sm" onClick={onAgain}>
          Ask again
        </Button>
        {remedy !== null && (
          <Anchor component={Link} href={remedy.href}>
            {remedy.label}
          </Anchor>
        )}
      </div>
    </div>
  );
}

function Foot({ turn, onAgain }: { turn: Turn; onAgain: () => void }) {
  const { state, answer, figures, requestId } = turn;
  return (
    <div className={classes.foot}>
      {state === 'stopped' && <span className={classes.stopped}>Stopped</span>}
      {figures !== null && (
        <Figures figures={figures} model={turn.model} spoke={answer !== '' || turn.reasoning !== ''} />
      )}
      {requestId !== null && figures !== null && (
        <Anchor component={Link} href={`/audit?requestId=${requestId}`}>
          Audit row
        </Anchor>
      )}
      {state === 'stopped' && (
        <Anchor component="button" type="button" onClick={onAgain}>
          Ask again
        </Anchor>
      )}
      {answer !== '' && <CopyButton text={answer} label="the answer" />}
    </div>
  );
}

interface FiguresProps {
  figures: Partial<PlaygroundDone>;
  model: string;
  /** Something came. */
  spoke: boolean;
}

function Figures({ figures, model, spoke }: FiguresProps) {
  const priced = useIsPriced(model);
  const { ttfbMs, latencyMs, inputTokens, outputTokens, costMicros, estimated, finishReason } = figures;
  const cut = CUT[finishReason ?? ''];
  return (
    <dl className={classes.figures}>
      {ttfbMs != null && spoke && <Figure label="First token" value={duration(ttfbMs)} />}
      {latencyMs !== undefined && <Figure label="All" value={duration(latencyMs)} />}
      {inputTokens !== undefined && <Figure label="In" value={plural(inputTokens, 'token')} />}
      {outputTokens !== undefined && (
        <Figure label="Out" value={`${plural(outputTokens, 'token')}${estimated ? ', estimated' : ''}`} />
      )}
      {costMicros !== undefined && (
        <Figure label="Cost" value={costMicros > 0 || priced ? dollars(costMicros, 4) : 'no price known'} />
      )}
      {cut !== undefined && <Figure label="Ended" value={cut} />}
    </dl>
  );
}

const CUT: Readonly<Record<string, string | undefined>> = {
  length: 'at the most tokens it may have',
  content_filter: 'by a content filter',
  tool_calls: 'with a call of a tool',
};

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
