import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { OwnModel } from '../../gateway/doors/people/contract.ts';
import { useOwnModels } from '../colleague/queries.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Panel } from '../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../components/states.tsx';
import { compact, dollars, whole } from '../format.ts';
import classes from './models-panel.module.css';

const FIRST = 8;

/** What may be named in a request. */
export function ModelsPanel() {
  const { data, error, refetch } = useOwnModels();
  const [all, setAll] = useState(false);
  const shown = all ? data : data?.slice(0, FIRST);
  const more = (data?.length ?? 0) - (shown?.length ?? 0);
  return (
    <Panel title="Models" note={data === undefined ? undefined : whole(data.length)} flush>
      {data === undefined && error === null && <Skeletons rows={3} height={44} />}
      {data === undefined && error !== null && (
        <Failed what="The models" error={error} onRetry={() => void refetch()} />
      )}
      {data?.length === 0 && (
        <Empty title="No model yet" why="The owner has given you none: every request is refused." />
      )}
      <ul className={classes.list}>
        {shown?.map((model) => (
          <li key={model.id} className={classes.row}>
            <code className={classes.id}>{model.id}</code>
            <CopyButton text={model.id} label={model.id} />
            <span className={classes.facts}>{factsOf(model)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className={classes.more}>
          <Anchor component="button" type="button" onClick={() => setAll(true)}>
            {whole(more)} more
          </Anchor>
        </p>
      )}
    </Panel>
  );
}

/** $3.00 in, $15.00 out for a million tokens; x3; 200 k context. */
function factsOf({ input, output, multiplier, contextWindow }: OwnModel): string {
  const facts = [
    ...(input === null || output === null ? [] : [`${dollars(input)} in, ${dollars(output)} out / M tokens`]),
    ...(multiplier === 1 ? [] : [`counts x${multiplier}`]),
    ...(contextWindow === null ? [] : [`${compact(contextWindow)} context`]),
  ];
  return facts.join(' · ');
}
