import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyTextButton } from './copy-button.tsx';
import classes from './secret-box.module.css';

interface SecretBoxProps {
  /** Above the key: that it shows this once. */
  label: string;
  secret: string;
  busy?: boolean;
  onStored: () => void;
}

/** A key within a page, this once, until its owner has stored it. */
export function SecretBox({ label, secret, busy = false, onStored }: SecretBoxProps) {
  const [copied, setCopied] = useState(false);
  return (
    <div className={classes.box}>
      <div className={classes.words}>
        <p className={classes.label}>{label}</p>
        <output className={classes.secret}>{secret}</output>
      </div>
      <div className={classes.actions}>
        <CopyTextButton text={secret} filled={!copied} fullWidth={false} onCopied={() => setCopied(true)}>
          Copy key
        </CopyTextButton>
        {copied && (
          <Button variant="filled" loading={busy} onClick={onStored}>
            I have stored it
          </Button>
        )}
      </div>
    </div>
  );
}
