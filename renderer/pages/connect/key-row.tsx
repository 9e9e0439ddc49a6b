import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { ConnectTool, CreatedKey, Member } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { KEY_PLACEHOLDER } from '../../api/key-placeholder.ts';
import { useSend } from '../../api/use-send.ts';
import { SecretBox } from '../../components/secret-box.tsx';
import { wordsOf } from '../../components/states.tsx';
import type { KeyChoice } from './key-choice.ts';
import classes from './key-row.module.css';

/** A key's text, as long as this page knows it. */
export interface KnownKey {
  text: string;
  /** Made here: it is still to be stored. */
  isNew: boolean;
}

interface KeyRowProps {
  tool: ConnectTool;
  choice: KeyChoice;
  known: KnownKey | null;
  onKnown: (known: KnownKey | null) => void;
  onMade: (made: CreatedKey) => void;
}

/** How the key comes into the lines: made on demand and shown once, or pasted by whoever has it. */
export function KeyRow({ tool, choice, known, onKnown, onMade }: KeyRowProps) {
  if (choice.kind === 'new') return <MakeKey tool={tool} member={choice.member} onMade={onMade} />;
  if (known?.isNew) {
    return (
      <SecretBox
        label="The new key, shown this once and filled in below. Only its hash is kept."
        secret={known.text}
        onStored={() => onKnown(null)}
      />
    );
  }
  const { id, name, prefix } = choice.key;
  return (
    <PasteKey
      key={id}
      name={name}
      prefix={prefix}
      onText={(text) => onKnown(text === null ? null : { text, isNew: false })}
    />
  );
}

function MakeKey({
  tool,
  member,
  onMade,
}: {
  tool: ConnectTool;
  member: Member;
  onMade: (made: CreatedKey) => void;
}) {
  const make = useSend(() => sendJson<CreatedKey>('POST', '/keys', { memberId: member.id, name: tool.id }));
  const whose = member.owner ? '' : ` for ${member.name}`;
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <p className={classes.title}>A key of its own{whose}</p>
        <p className={classes.why} role={make.error === null ? undefined : 'alert'}>
          {make.error === null
            ? 'Filled into the lines when you make it. Older keys cannot be: each is shown only once.'
            : wordsOf(make.error)}
        </p>
      </div>
      <Button
        variant="filled"
        loading={make.isPending}
        onClick={() => make.mutate(undefined, { onSuccess: onMade })}
      >
        Make the key
      </Button>
    </div>
  );
}

function PasteKey({
  name,
  prefix,
  onText,
}: {
  name: string;
  prefix: string;
  /** Null while what is typed is not this key. */
  onText: (text: string | null) => void;
}) {
  const [pasted, setPasted] = useState('');
  const other = pasted !== '' && !pasted.startsWith(prefix);
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <p className={classes.title}>“{name}” cannot be filled in</p>
        <p className={classes.why}>
          It was shown once, when it was made. Put it where <code>{KEY_PLACEHOLDER}</code> stands, or paste it
          here: it stays in this page.
        </p>
      </div>
      <PasswordInput
        className={classes.paste ?? ''}
        aria-label={`Paste the key “${name}”`}
        placeholder={`${prefix}…`}
        autoComplete="off"
        value={pasted}
        error={other ? `This one begins with ${prefix}.` : null}
        onChange={(event) => {
          const text = event.currentTarget.value.trim();
          setPasted(text);
          onText(text.startsWith(prefix) ? text : null);
        }}
      />
    </div>
  );
}
