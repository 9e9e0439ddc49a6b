import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type {
  ConnectFile,
  ConnectRecipe,
  ConnectSetup,
  ConnectUndone,
} from '../../../gateway/doors/admin/contract.ts';
import { useUndo, useWrite } from '../../api/connect-setup.ts';
import { type Question, useConfirm } from '../../components/confirm.tsx';
import { SecretBox } from '../../components/secret-box.tsx';
import { Notice, wordsOf } from '../../components/states.tsx';
import { moment } from '../../format.ts';
import { FileDiff } from './diff.tsx';
import type { KeyChoice } from './key-choice.ts';
import classes from './set-up.module.css';

interface SetUpProps {
  tool: string;
  recipe: ConnectRecipe;
  setup: ConnectSetup;
  choice: KeyChoice | null;
}

/** The tool's own files, written here: what would change, and the way back. */
export function SetUp({ tool, recipe, setup, choice }: SetUpProps) {
  const write = useWrite(tool);
  const undo = useUndo(tool);
  const confirm = useConfirm();
  const [stored, setStored] = useState(false);
  const { connected, settled, problem, files, steps } = setup;
  const old = choice?.kind === 'existing';

  const key = stored || connected === null ? null : (write.data?.key ?? null);
  const { label, model, smallModel, address } = recipe;
  const memberId = choice?.kind === 'new' ? { memberId: choice.member.id } : {};
  const error = write.error ?? undo.error;
  async function askAndUndo() {
    if (await confirm(undoQuestion(label, files))) undo.mutate();
  }
  return (
    <div className={classes.setUp}>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
      {key !== null && (
        <SecretBox
          label="The key, shown this once, to be entered by hand."
          secret={key}
          onStored={() => setStored(true)}
        />
      )}
      <div className={classes.actions}>
        <Button
          variant="filled"
          disabled={problem !== null || settled || old}
          loading={write.isPending}
          onClick={() => {
            setStored(false);
            write.mutate({ model, smallModel, address, ...memberId });
          }}
        >
          {connected !== null && !settled ? 'Set it up again' : 'Write these lines'}
        </Button>
        <Button
          leftSection={<IconArrowBackUp size={16} stroke={1.5} />}
          disabled={connected === null}
          loading={undo.isPending}
          onClick={() => void askAndUndo()}
        >
          Undo…
        </Button>
        <span className={classes.after}>{afterWords(setup, old)}</span>
      </div>
      {error !== null && <Notice tone="bad">{wordsOf(error)}</Notice>}
      {undo.data !== undefined && connected === null && <Undone undone={undo.data} />}
      {connected !== null && steps.length > 0 && (
        <ul className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function undoQuestion(label: string, files: readonly ConnectFile[]): Question {
  return {
    title: `Undo the setup of ${label}?`,
    message: (
      <>
        <p>
          {files.map(({ path }) => path).join(', ') || 'Nothing of its files'} goes back to what was there
          before.
        </p>
        <p>Its key is revoked: requests with it are refused from then on.</p>
      </>
    ),
    action: 'Undo',
    destructive: true,
  };
}

function afterWords({ connected, settled }: ConnectSetup, old: boolean): string {
  if (settled && connected !== null)
    return `Written ${moment(connected.at)} with ${connected.model}. Undo puts everything back and revokes the key.`;
  if (old) return 'An older key cannot be written: it was shown only once. Choose a new one above.';
  return connected === null
    ? 'Your comments stay. Undo puts each file back byte for byte.'
    : `Now it has ${connected.model}. Undo puts everything back as it was before.`;
}

function Undone({ undone: { files, failures } }: { undone: ConnectUndone }) {
  return (
    <>
      <Notice tone="ok">
        {files.map(({ path, exact, kept }) => (
          <p key={path}>
            {exact
              ? `${path} is as it was, to the byte.`
              : `${path} has changed since: our entries were taken out.${kept.length === 0 ? '' : ` These were changed by somebody and stay: ${kept.join(', ')}.`}`}
          </p>
        ))}
        <p>Its key is revoked.</p>
      </Notice>
      {failures.map((failure) => (
        <Notice key={failure} tone="bad">
          {failure}
        </Notice>
      ))}
    </>
  );
}
