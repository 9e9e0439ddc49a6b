import { Select } from '@mantine/core';
import { useState } from 'react';
import { Failed, Notice, Skeletons } from '../components/states.tsx';
import { Ways } from '../pages/connect/ways.tsx';
import { useOwnModels, useOwnRecipe, useOwnTools } from './queries.ts';
import classes from './tool-lines.module.css';

const FIRST_TOOL = 'claude-code';

/** The lines for the colleague's own tool. @param secret stands where the key goes; null leaves the place marked */
export function ToolLines({ secret }: { secret: string | null }) {
  const [tool, setTool] = useState(FIRST_TOOL);
  const [model, setModel] = useState<string | null>(null);
  const tools = useOwnTools().data ?? [];
  const models = useOwnModels().data ?? [];
  const { data: recipe, error, refetch } = useOwnRecipe(tool, model);
  return (
    <div className={classes.lines}>
      <div className={classes.choices}>
        <Select
          label="Tool"
          searchable
          data={tools.map(({ id, label }) => ({ value: id, label }))}
          value={tool}
          onChange={(next) => next !== null && setTool(next)}
        />
        {recipe?.fields.includes('model') && (
          <Select
            label="Model"
            searchable
            data={models.map(({ id }) => id)}
            value={model ?? recipe.model}
            onChange={setModel}
          />
        )}
      </div>
      {recipe === undefined && error === null && <Skeletons rows={3} />}
      {recipe === undefined && error !== null && (
        <Failed what="The lines" error={error} onRetry={() => void refetch()} />
      )}
      {recipe !== undefined && (
        <>
          {notesOf(recipe, 'warn').map((text) => (
            <Notice key={text} tone="warn">
              {text}
            </Notice>
          ))}
          <Ways key={tool} ways={recipe.ways} secret={secret} />
          {notesOf(recipe, 'info').map((text) => (
            <p key={text} className={classes.note}>
              {text}
            </p>
          ))}
          <p className={classes.note}>{recipe.firstRequest}</p>
        </>
      )}
    </div>
  );
}

function notesOf({ notes }: { notes: readonly { tone: string; text: string }[] }, tone: string): string[] {
  return notes.filter((note) => note.tone === tone).map(({ text }) => text);
}
