import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Empty } from '../../components/states.tsx';
import type { Turn } from './conversation.ts';
import classes from './thread.module.css';
import { TurnView } from './turn-view.tsx';

interface ThreadProps {
  turns: readonly Turn[];
  onAgain: (turn: Turn) => void;
  onTry: (question: string) => void;
  ready: boolean;
}

const TRY = 'Say hello, and which model you are.';
/** Whoever has scrolled up further than this reads there. */
const AT_END_PX = 40;

/** What was said. It stays at its end while that is where one reads. */
export function Thread({ turns, onAgain, onTry, ready }: ThreadProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const asked = turns.at(-1)?.id;
  useEffect(() => {
    if (asked !== undefined) follows.current = true;
  }, [asked]);
  useEffect(() => {
    if (follows.current) box.current?.scrollTo(0, box.current.scrollHeight);
  }, [turns]);
  return (
    <section
      ref={box}
      className={classes.thread}
      aria-label="Conversation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
      }}
    >
      {turns.length === 0 ? (
        <Empty
          title="Nothing was asked yet"
          why="See what a model answers, how soon it begins and what that costs."
          action={
            <Button onClick={() => onTry(TRY)} disabled={!ready}>
              {TRY}
            </Button>
          }
        />
      ) : (
        turns.map((turn) => <TurnView key={turn.id} turn={turn} onAgain={() => onAgain(turn)} />)
      )}
    </section>
  );
}
