import { Anchor, Button, Group, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { CopyTextButton } from './copy-button.tsx';
import classes from './shown-once.module.css';

export interface ShownOnceProps {
  title: string;
  secret: string;
  /** What there is to know of it. */
  lead?: string;
  /** What is copied. */
  what?: string;
  /** Label and value of what the secret is. */
  facts: readonly (readonly [label: string, value: ReactNode])[];
  onClose: () => void;
}

const KEY_LEAD =
  'Copy it now. It is not stored, and nobody can show it again; if it gets lost, make a new one.';

/** A key, this once. Closing it without a copy says so. */
export function ShownOnce({ title, secret, lead = KEY_LEAD, what = 'key', facts, onClose }: ShownOnceProps) {
  const [copied, setCopied] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={copied}
      withCloseButton={false}
    >
      <p className="secondary">{lead}</p>
      <output className={classes.secret}>{secret}</output>
      <CopyTextButton text={secret} filled onCopied={() => setCopied(true)}>
        Copy {what}
      </CopyTextButton>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Group justify="space-between" className={classes.footer ?? ''}>
        <Anchor component={Link} href="/connect" onClick={onClose}>
          Set up a tool with it
        </Anchor>
        <Button onClick={onClose}>{copied ? 'Done' : 'Close without copying'}</Button>
      </Group>
    </Modal>
  );
}
