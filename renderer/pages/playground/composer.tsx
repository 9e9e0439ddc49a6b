import { Button, Textarea } from '@mantine/core';
import { IconArrowUp, IconPlayerStop } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import classes from './composer.module.css';

interface ComposerProps {
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
  /** An answer is on its way. */
  busy: boolean;
  /** There is a key and a model. */
  ready: boolean;
}

/** Where one types. Enter sends, Shift+Enter begins a new line, Escape stops. */
export function Composer({ draft, onDraft, onSend, onStop, busy, ready }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!busy) field.current?.focus({ preventScroll: true });
  }, [busy]);

  function onKeyDown(event: KeyboardEvent) {
    // An input method takes Enter for itself while it composes.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (!busy) onSend(draft);
    } else if (event.key === 'Escape' && busy) onStop();
  }
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(draft);
      }}
    >
      <Textarea
        ref={field}
        className={classes.field ?? ''}
        aria-label="Message"
        placeholder="Say something"
        minRows={1}
        maxRows={10}
        value={draft}
        onChange={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {busy ? (
        <Button leftSection={<IconPlayerStop size={16} stroke={1.5} />} onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button
          type="submit"
          variant="filled"
          disabled={!ready || draft.trim() === ''}
          leftSection={<IconArrowUp size={16} stroke={1.8} />}
        >
          Send
        </Button>
      )}
      <p className={classes.hint}>
        Enter sends, Shift+Enter begins a new line. Leaving the page forgets it all.
      </p>
    </form>
  );
}
