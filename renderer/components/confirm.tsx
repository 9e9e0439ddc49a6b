import { Button, Group, Modal } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

export interface Question {
  title: string;
  /** What follows. */
  message: ReactNode;
  /** A verb. */
  action: string;
  /** Takes something away that cannot be brought back. */
  destructive?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Ask | null>(null);

/** Asks before what cannot be undone. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const ask = useCallback<Ask>(
    (question) => new Promise<boolean>((resolve) => setOpen({ question, answer: resolve })),
    [],
  );
  function answer(yes: boolean) {
    open?.answer(yes);
    setOpen(null);
  }
  return (
    <ConfirmContext value={ask}>
      {children}
      {open !== null && (
        <Modal opened onClose={() => answer(false)} title={open.question.title} zIndex={400}>
          <div>{open.question.message}</div>
          <Group justify="flex-end" gap={8} mt={20}>
            <Button onClick={() => answer(false)} data-autofocus>
              Cancel
            </Button>
            <Button
              variant="filled"
              {...(open.question.destructive ? { color: 'red' } : {})}
              onClick={() => answer(true)}
            >
              {open.question.action}
            </Button>
          </Group>
        </Modal>
      )}
    </ConfirmContext>
  );
}

/** @returns asks a question; resolves with whether the owner wants it */
export function useConfirm(): Ask {
  const ask = useContext(ConfirmContext);
  if (ask === null) throw new Error('There is no ConfirmProvider around this component.');
  return ask;
}
