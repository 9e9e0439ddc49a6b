import { Button, Select, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import classes from './choices.module.css';
import type { ChoicesState } from './use-choices.ts';

const MOST_SHOWN = 200;

/** Above the conversation: who asks whom, and what is said before. */
export function Choices(props: ChoicesState) {
  const { keyId, model, system, keyOptions, modelOptions, chooseKey, chooseModel, setSystem } = props;
  const [open, setOpen] = useState(false);
  const prompt = useId();
  return (
    <div className={classes.choices}>
      <div className={classes.row}>
        <Select
          label="Key"
          searchable
          limit={MOST_SHOWN}
          data={keyOptions}
          value={keyId}
          onChange={(value) => value !== null && chooseKey(value)}
          placeholder="No key is usable"
          className={classes.key ?? ''}
        />
        <Select
          label="Model"
          searchable
          limit={MOST_SHOWN}
          data={modelOptions}
          value={model}
          onChange={(value) => value !== null && chooseModel(value)}
          className={classes.model ?? ''}
        />
        <Button
          variant={open || system.trim() === '' ? 'default' : 'light'}
          aria-expanded={open}
          aria-controls={prompt}
          onClick={() => setOpen(!open)}
        >
          {system.trim() === '' || open ? 'System prompt' : 'System prompt is set'}
        </Button>
      </div>
      <div id={prompt} hidden={!open}>
        <Textarea
          aria-label="System prompt"
          placeholder="What the model is told before the conversation, such as “Answer in one sentence.”"
          minRows={2}
          maxRows={8}
          value={system}
          onChange={(event) => setSystem(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}
