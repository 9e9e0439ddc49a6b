import { useState } from 'react';
import type { ConnectSetup, ConnectTool, CreatedKey } from '../../../gateway/doors/admin/contract.ts';
import { useRecipe } from '../../api/connect.ts';
import { useFindings, useSetup } from '../../api/connect-setup.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { type Filters, useFilters } from '../../api/use-filters.ts';
import { Failed, Skeletons } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Tile } from '../../components/tile.tsx';
import { moment } from '../../format.ts';
import { Checks } from './checks.tsx';
import { Fields } from './fields.tsx';
import { Findings } from './findings.tsx';
import { choiceOf } from './key-choice.ts';
import { KeyRow, type KnownKey } from './key-row.tsx';
import { Notes } from './notes.tsx';
import { OneCommand } from './one-command.tsx';
import { Reaching } from './reaching.tsx';
import { seenLately } from './seen-lately.ts';
import { SetUp } from './set-up.tsx';
import { toolLetters } from './tool-letters.ts';
import classes from './tool-panel.module.css';
import { useWritten } from './use-written.ts';
import { type ActiveWay, Ways } from './ways.tsx';

/** The way that writes the tool's files. */
const SET_UP = 'set-up';
const ONE_COMMAND = 'one-command';

/** One tool: with which key and model, the lines for it, and whether it works. */
export function ToolPanel({ tool }: { tool: ConnectTool }) {
  const filters = useFilters();
  const [model, setModel] = useState<string | null>(filters.get('model'));
  const [smallModel, setSmallModel] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const { choice, choose, made, known, setKnown } = useKeyChoice(filters);
  const written = useWritten(tool.id, tool.setUp);
  const wishes = {
    model: model ?? written.model,
    smallModel: smallModel ?? (model === null ? written.smallModel : null),
    address,
  };
  const { data: recipe, error, refetch } = useRecipe(tool.id, wishes);
  const { data: setup, isPending } = useSetup(tool.id, wishes, tool.setUp);
  const { data: findings = [] } = useFindings(tool.id, tool.setUp);
  const [way, setWay] = useState<string | null>(null);
  if (recipe === undefined || (tool.setUp && isPending && error === null)) {
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
  const first: ActiveWay | null =
    setup === undefined || (setup.files.length === 0 && setup.problem === null)
      ? null
      : {
          ...{ id: SET_UP, label: 'Set it up for me' },
          content: <SetUp tool={tool.id} recipe={recipe} setup={setup} choice={choice} />,
        };
  // A key there is already cannot be written: its text is known to nobody here.
  const usual = choice?.kind === 'existing' ? null : first;
  const last: ActiveWay | null =
    setup === undefined
      ? null
      : { id: ONE_COMMAND, label: 'One command', content: <OneCommand command={setup.command} /> };
  const chosen = way ?? usual?.id ?? recipe.ways[0]?.id ?? null;
  return (
    <>
      <Head tool={tool} setup={setup} />
      <div className={classes.body}>
        <Notes notes={recipe.notes} tone="warn" />
        <Findings
          findings={findings}
          here={`/connect/${tool.id}`}
          onSetUp={first === null || chosen === SET_UP ? null : () => setWay(SET_UP)}
        />
        <Fields
          recipe={recipe}
          choice={choice}
          onKey={choose}
          onModel={setModel}
          onSmallModel={setSmallModel}
        />
        {(chosen === SET_UP || chosen === ONE_COMMAND) && choice?.kind === 'new' && (
          <p className="secondary">
            {chosen === ONE_COMMAND
              ? 'The command makes the key, for yourself.'
              : 'The key is made when you write the lines. Older keys cannot be filled in: they were shown only once.'}
          </p>
        )}
        {chosen !== SET_UP && chosen !== ONE_COMMAND && choice !== null && (
          <KeyRow tool={tool} choice={choice} known={known} onKnown={setKnown} onMade={made} />
        )}
        {takesAddress && <Reaching tool={tool} choice={choice} onAddress={setAddress} />}
        <Ways
          ways={recipe.ways}
          first={first}
          last={last}
          open={{ way: chosen, onChange: setWay }}
          secret={known?.text ?? null}
        />
        {chosen !== SET_UP && <Notes notes={recipe.notes} tone="info" />}
        <Checks
          tool={tool}
          recipe={recipe}
          choice={choice}
          findings={findings}
          keyId={setup?.connected?.keyId ?? (choice?.kind === 'existing' ? choice.key.id : null)}
          reachable={!takesAddress}
        />
      </div>
    </>
  );
}

function Head({ tool, setup }: { tool: ConnectTool; setup?: ConnectSetup | undefined }) {
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
          <Status tone="off">Not seen yet{versionWords(setup)}</Status>
        ) : (
          <Status tone={seenLately(lastSeenAt) ? 'ok' : 'off'} quiet>
            Last seen {moment(lastSeenAt)}
            {versionWords(setup)}
          </Status>
        )}
      </span>
    </header>
  );
}

function versionWords(setup: ConnectSetup | undefined): string {
  if (setup === undefined) return '';
  if (setup.version !== null) return `, version ${setup.version}`;
  return setup.installed ? '' : ', not found here';
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
