import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useConfirm } from './confirm.tsx';
import classes from './form-drawer.module.css';
import { Notice } from './states.tsx';

export interface FormDrawerProps {
  title: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
  submitLabel: string;
  busy?: boolean;
  /** The gateway's refusal that belongs to no field. */
  refusal?: string | null;
  /** What follows, left in the footer. */
  follows?: ReactNode;
  /** In place of `follows`; it asks by itself. */
  onDelete?: (() => void) | undefined;
  /** Where taking it away is no deleting. */
  deleteLabel?: string;
  /** Asks before what was typed is thrown away. */
  dirty?: boolean;
  children: ReactNode;
}

/** Adds or edits one thing, at the right. Mounted only while it is open. */
export function FormDrawer(props: FormDrawerProps) {
  const {
    title,
    onClose,
    onSubmit,
    submitLabel,
    busy = false,
    refusal,
    follows,
    onDelete,
    deleteLabel = 'Delete…',
    dirty = false,
    children,
  } = props;
  const confirm = useConfirm();

  async function close() {
    if (dirty && !(await confirm(DISCARD))) return;
    onClose();
  }
  return (
    <Drawer opened onClose={() => void close()} title={title} closeOnClickOutside={!dirty}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className={classes.fields}>
          {children}
          {refusal != null && <Notice tone="bad">{refusal}</Notice>}
        </div>
        <footer className={classes.footer}>
          {onDelete !== undefined ? (
            <Button variant="transparent" color="red" className={classes.delete} onClick={onDelete}>
              {deleteLabel}
            </Button>
          ) : (
            <span className={classes.follows}>{follows}</span>
          )}
          <Button onClick={() => void close()}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy}>
            {submitLabel}
          </Button>
        </footer>
      </form>
    </Drawer>
  );
}

const DISCARD = {
  title: 'Close without saving?',
  message: 'What you typed here is lost.',
  action: 'Close',
};
