import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import type { LocalRuntime } from '../../../gateway/doors/admin/contract.ts';
import { Panel } from '../../components/panel.tsx';
import { KIND_LETTERS } from '../../components/provider-look.ts';
import { Failed, Skeletons } from '../../components/states.tsx';
import { Tile } from '../../components/tile.tsx';
import { ago, plural } from '../../format.ts';
import classes from './local-runtimes.module.css';
import { useLocalRuntimes } from './queries.ts';

/** At the empty state: what answers on this computer, and what does not. */
export function LocalRuntimesPanel() {
  const { data, error, isPending, isFetching, dataUpdatedAt, refetch } = useLocalRuntimes();
  const looked =
    data === undefined ? undefined : `Looked on the usual ports ${justOrAgo(new Date(dataUpdatedAt))}`;
  const silent = data?.notFound ?? [];
  return (
    <Panel title="On this computer" flush {...(looked === undefined ? {} : { aside: looked })}>
      {isPending && <Skeletons rows={2} height={56} />}
      {error !== null && (
        <Failed what="What runs on this computer" error={error} onRetry={() => void refetch()} />
      )}
      {data?.data.map((runtime) => (
        <RuntimeRow key={runtime.kind} runtime={runtime} />
      ))}
      {silent.length > 0 && (
        <div className={classes.row}>
          <Tile name={silent[0]?.label ?? ''} letters={lettersOf(silent)} size={32} />
          <span className={classes.words}>
            <b>{listOf(silent.map(({ label }) => label))}</b>
            <span className={classes.line}>Not running. Start a server, then look again.</span>
          </span>
          <Button loading={isFetching} onClick={() => void refetch()}>
            Look again
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** Above the list: what answers on this computer and is no provider yet. */
export function NewRuntimes() {
  const { data } = useLocalRuntimes();
  const fresh = data?.data.filter(({ providerId }) => providerId === null) ?? [];
  if (fresh.length === 0) return null;
  return (
    <Panel flush>
      {fresh.map((runtime) => (
        <RuntimeRow key={runtime.kind} runtime={runtime} quiet />
      ))}
    </Panel>
  );
}

function RuntimeRow({ runtime, quiet = false }: { runtime: LocalRuntime; quiet?: boolean }) {
  const [, navigate] = useLocation();
  const { kind, label, baseUrl, models } = runtime;
  const address = new URL(baseUrl).host;
  return (
    <div className={classes.row}>
      <Tile name={label} letters={KIND_LETTERS[kind]} size={32} />
      <span className={classes.words}>
        <b>{quiet ? `${label} runs on this computer` : label}</b>
        <span className={classes.line}>
          {models === 0 ? 'No models yet' : plural(models, 'model')} at <code>{address}</code>
        </span>
      </span>
      <Button
        variant={quiet ? 'default' : 'filled'}
        aria-label={`Add ${label}`}
        onClick={() => navigate(`/providers/add?kind=${kind}&at=${encodeURIComponent(baseUrl)}`)}
      >
        Add
      </Button>
    </div>
  );
}

function justOrAgo(at: Date): string {
  const words = ago(at.toISOString());
  return words === 'now' ? 'just now' : words;
}

function lettersOf(silent: readonly Pick<LocalRuntime, 'kind'>[]): string {
  const [first] = silent;
  return silent.length === 1 && first !== undefined ? KIND_LETTERS[first.kind] : '…';
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
