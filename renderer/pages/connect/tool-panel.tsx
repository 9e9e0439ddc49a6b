import { useState } from 'react';
import type { ConnectTool, CreatedKey } from '../../../gateway/doors/admin/contract.ts';
import { useRecipe } from '../../api/connect.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { type Filters, useFilters } from '../../api/use-filters.ts';
import { Failed, Skeletons } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Tile } from '../../components/tile.tsx';
import { moment } from '../../format.ts';
import { Checks } from './checks.tsx';
import { Fields } from './fields.tsx';
import { choiceOf } from './key-choice.ts';
import { KeyRow, type KnownKey } from './key-row.tsx';
import { Notes } from './notes.tsx';
import { Reaching } from './reaching.tsx';
import { seenLately } from './seen-lately.ts';
import { toolLetters } from './tool-letters.ts';
import classes from './tool-panel.module.css';
import { Ways } from './ways.tsx';

/** One tool: with which key and model, the lines for it, and whether it works. */
export function ToolPanel({ tool }: { tool: ConnectTool }) {
  const filters = useFilters();
  const [model, setModel] = useState<string | null>(filters.get('model'));
  const [smallModel, setSmallModel] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const { choice, choose, made, known, setKnown } = useKeyChoice(filters);
  const { data: recipe, error, refetch } = useRecipe(tool.id, { model, smallModel, address });
  if (recipe === undefined) {
    return (
      <>
        <Head tool={tool} />
        {error === null ? (
          <Skeletons />
        ) : (
          <Failed what={`The lines for ${tool.label}`} error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  }
  const takesAddress = tool.fields.includes('address');
  return (
    <>
      <Head tool={tool} />
      <div className={classes.body}>
        <Notes notes={recipe.notes} tone="warn" />
        <Fields
          recipe={recipe}
          choice={choice}
          onKey={choose}
          onModel={setModel}
          onSmallModel={setSmallModel}
        />
        {choice !== null && (
          <KeyRow tool={tool} choice={choice} known={known} onKnown={setKnown} onMade={made} />
        )}
        {takesAddress && <Reaching tool={tool} choice={choice} onAddress={setAddress} />}
        <Ways ways={recipe.ways} secret={known?.text ?? null} />
        <Notes notes={recipe.notes} tone="info" />
        <Checks tool={tool} recipe={recipe} choice={choice} reachable={!takesAddress} />
      </div>
    </>
  );
}

function Head({ tool }: { tool: ConnectTool }) {
  const { id, label, speaks, lastSeenAt } = tool;
  return (
    <header className={classes.head}>
      <Tile name={label} letters={toolLetters(id, label)} size={36} />
      <div className={classes.words}>
        <h2 className={classes.name}>{label}</h2>
        <p className="secondary">{speaks}</p>
      </div>
      <span className={classes.seen}>
        {lastSeenAt === null ? (
          <Status tone="off">Not seen yet</Status>
        ) : (
          <Status tone={seenLately(lastSeenAt) ? 'ok' : 'off'} quiet>
            Last seen {moment(lastSeenAt)}
          </Status>
        )}
      </span>
    </header>
  );
}

/** The chosen key, and its text as long as this page knows it. */
function useKeyChoice(filters: Filters) {
  const members = useMembers().data;
  const keys = useKeys().data;
  const [value, setValue] = useState(() => firstValue(filters));
  const [known, setKnown] = useState<KnownKey | null>(null);
  // Just made, it may not be in the list yet.
  const [latest, setLatest] = useState<CreatedKey | null>(null);
  const all = latest === null || keys?.some(({ id }) => id === latest.id) ? keys : [...(keys ?? []), latest];
  const choice = members === undefined || all === undefined ? null : choiceOf(value, members, all);
  function choose(next: string) {
    setValue(next);
    setKnown(null);
  }
  function made(key: CreatedKey) {
    setLatest(key);
    setValue(`key:${key.id}`);
    setKnown({ text: key.key, isNew: true });
  }
  return { choice, choose, made, known, setKnown };
}

function firstValue(filters: Filters): string | null {
  const keyId = filters.get('keyId');
  const memberId = filters.get('memberId');
  if (keyId !== null) return `key:${keyId}`;
  return memberId === null ? null : `new:${memberId}`;
}
