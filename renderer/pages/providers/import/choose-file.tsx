import { Button, FileButton, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ImportLook, ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import classes from './import-drawer.module.css';

interface ChooseFileProps {
  source: ImportSource;
  before: ImportLook;
  onChosen: (look: ImportLook) => void;
}

/** The text of a file, from the file itself or pasted: dialogs seldom show files such as `.env`. */
export function ChooseFile({ source, before, onChosen }: ChooseFileProps) {
  const [text, setText] = useState(before.text ?? '');
  const [variables, setVariables] = useState(before.variables ?? '');
  const withVariables = source.id === 'litellm';
  return (
    <form
      className={classes.choose}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onChosen({ text, ...(variables.trim() === '' ? {} : { variables }) });
      }}
    >
      <TextField
        label={withVariables ? 'config.yaml' : '.env file'}
        help={
          withVariables
            ? 'Choose the file, or paste what is in it.'
            : 'Choose the file, or paste its NAME=value lines: also what env prints in your terminal.'
        }
        value={text}
        onChange={setText}
      />
      {withVariables && (
        <TextField
          label="Variables it refers to"
          help="NAME=value lines, such as a .env file, for os.environ/NAME. Else the gateway’s own environment is asked."
          value={variables}
          onChange={setVariables}
        />
      )}
      <div>
        <Button type="submit" variant="filled" disabled={text.trim() === ''}>
          Look
        </Button>
      </div>
    </form>
  );
}

interface TextFieldProps {
  label: string;
  help: string;
  value: string;
  onChange: (text: string) => void;
}

function TextField({ label, help, value, onChange }: TextFieldProps) {
  return (
    <div className={classes.field}>
      <FileButton onChange={(file) => void file?.text().then(onChange)}>
        {(props) => (
          <Button
            size="compact-xs"
            className={classes.aside ?? ''}
            aria-label={`${label} from a file…`}
            {...props}
          >
            From a file…
          </Button>
        )}
      </FileButton>
      <Textarea
        label={label}
        description={help}
        autosize
        minRows={3}
        maxRows={10}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: classes.mono ?? '' }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
