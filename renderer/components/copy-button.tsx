import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import classes from './copy-button.module.css';
import { copyText } from './copy-text.ts';

const SHOWN_MS = 1_500;
const WORDS = { ready: 'Copy', copied: 'Copied', refused: 'Not copied' } as const;

type CopyState = keyof typeof WORDS;

/** Copies texts and tells for a moment how it went. A browser may refuse: the text beside it can then be selected. */
export function useCopy(): { state: CopyState; copy: (text: string) => void } {
  const [state, setState] = useState<CopyState>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  function copy(text: string) {
    copyText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  }
  return { state, copy };
}

/** An icon beside what it copies. `label` says what that is. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { state, copy } = useCopy();
  return (
    <Tooltip label={WORDS[state]} {...(state === 'ready' ? {} : { opened: true })}>
      <ActionIcon onClick={() => copy(text)} aria-label={`${WORDS[state]} ${label}`}>
        {state === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.5} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** The same as a button with words. */
export function CopyTextButton({
  text,
  children,
  onCopied,
  filled = false,
  fullWidth = filled,
}: CopyTextButtonProps) {
  const { state, copy } = useCopy();
  useEffect(() => {
    if (state === 'copied') onCopied?.();
  }, [state, onCopied]);
  return (
    <Button
      variant={filled ? 'filled' : 'default'}
      leftSection={state === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.5} />}
      onClick={() => copy(text)}
      fullWidth={fullWidth}
    >
      {state === 'ready' ? children : WORDS[state]}
    </Button>
  );
}

interface CopyTextButtonProps {
  text: string;
  children: ReactNode;
  onCopied?: () => void;
  filled?: boolean;
  fullWidth?: boolean;
}

/** Lines to paste somewhere, with their own copy button. `title` is a file or a place. */
export function CopyBlock({ text, title, label }: { text: string; title?: string; label: string }) {
  // A path or a name stands as what it is; a sentence as words.
  const words = title !== undefined && /\s/.test(title);
  return (
    <figure className={classes.block} aria-label={label}>
      {title !== undefined && (
        <figcaption className={words ? `${classes.title} ${classes.words}` : classes.title}>
          {title}
        </figcaption>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
      <pre className={classes.text} tabIndex={0}>
        {text}
      </pre>
      <span className={classes.copy}>
        <CopyButton text={text} label={label} />
      </span>
    </figure>
  );
}
