import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyButton, CopyTextButton } from './copy-button.tsx';
import classes from './secret-box.module.css';

interface SecretBoxProps {
  /** Above the key: that it shows this once. */
  label: string;
  secret: string;
  busy?: boolean;
  /** Whether it is what the page is about now. */
  primary?: boolean;
  onStored: () => void;
}

/** A key within a page, this once, until its owner has stored it. */
export function SecretBox({ label, secret, busy = false, primary = true, onStored }: SecretBoxProps) {
  const [copied, setCopied] = useState(false);
  const variant = primary ? 'filled' : 'default';
  return (
    <div className={classes.box}>
      <div className={classes.words}>
        <p className={classes.label}>{label}</p>
        <output className={classes.secret}>{secret}</output>
      </div>
      <div className={classes.actions}>
        {copied ? (
          <>
            <CopyButton text={secret} label="key" />
            <Button variant={variant} loading={busy} onClick={onStored}>
              I have stored it
            </Button>
          </>
        ) : (
          <CopyTextButton text={secret} filled={primary} fullWidth={false} onCopied={() => setCopied(true)}>
            Copy key
          </CopyTextButton>
        )}
      </div>
    </div>
  );
}
