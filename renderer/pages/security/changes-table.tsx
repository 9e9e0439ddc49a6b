import { IconArrowRight } from '@tabler/icons-react';
import type { Change } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers, useProviders } from '../../api/lists.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { NOTHING } from '../../format.ts';
import { actorWords, changeWords, type Difference, type Names } from './change-words.ts';
import classes from './changes-table.module.css';

interface ChangesTableProps {
  changes: readonly Change[] | undefined;
  error: unknown;
  onRetry: () => void;
  /** With who it was, and every difference on a line of its own. */
  whole?: boolean;
}

/** What the owner changed, and members of their keys, newest first, in words. */
export function ChangesTable({ changes, error, onRetry, whole = false }: ChangesTableProps) {
  const names = useNames();
  const columns: Column<Change>[] = [
    { id: 'at', header: 'When', width: whole ? 116 : 90, cell: ({ at }) => <When at={at} /> },
    ...(whole
      ? [{ id: 'actor', header: 'Who', width: 120, cell: ({ actor }: Change) => actorWords(actor) }]
      : []),
    {
      id: 'what',
      header: 'What',
      width: whole ? 170 : 134,
      cell: (change) => changeWords(change, names).what,
    },
    {
      id: 'on',
      header: 'On',
      width: whole ? 220 : 126,
      cell: (change) => <span className={classes.on}>{changeWords(change, names).on}</span>,
    },
    {
      id: 'differences',
      header: (
        <>
          Before <IconArrowRight size={12} stroke={1.5} className={classes.arrow} /> after
        </>
      ),
      cell: (change) => <Differences differences={changeWords(change, names).differences} whole={whole} />,
    },
  ];
  return (
    <div className={whole ? classes.whole : classes.short}>
      <DataTable
        label="Changes"
        columns={columns}
        rows={changes}
        rowKey={({ id }) => id}
        rowHeight={32}
        error={error}
        onRetry={onRetry}
        empty={
          <Empty
            title="Nothing was changed yet"
            why="Whatever is set in this panel, by the command line or by a script stands here, without secrets."
          />
        }
      />
    </div>
  );
}

function When({ at }: { at: string }) {
  return (
    <span className="secondary">
      <Time at={at} />
    </span>
  );
}

/** One difference in sight, the number of others; all of them where there is room. */
function Differences({ differences, whole }: { differences: readonly Difference[]; whole: boolean }) {
  const shown = whole ? differences : differences.slice(0, 1);
  const more = differences.length - shown.length;
  if (shown.length === 0) return NOTHING;
  return shown.map((difference) => (
    <span key={difference.field ?? ''} className={classes.difference} title={textOf(difference)}>
      {difference.field !== null && <span className="muted">{difference.field}: </span>}
      {difference.before !== null && (
        <>
          <span className="secondary">{difference.before}</span>
          {difference.after !== null && (
            <IconArrowRight size={13} stroke={1.5} className={classes.arrow} aria-label="to" />
          )}
        </>
      )}
      {difference.after}
      {more > 0 && <span className="muted"> and {more} more</span>}
    </span>
  ));
}

function textOf({ field, before, after }: Difference): string {
  const change = [before, after].filter((side) => side !== null).join(' → ');
  return field === null ? change : `${field}: ${change}`;
}

function useNames(): Names {
  const { data: members = [] } = useMembers();
  const { data: keys = [] } = useKeys();
  const { data: providers = [] } = useProviders();
  const by = <Item extends { id: string }>(items: readonly Item[]) =>
    new Map(items.map((item) => [item.id, item]));
  const [memberById, keyById, providerById] = [by(members), by(keys), by(providers)];
  return {
    member: (id) => memberById.get(id)?.name,
    key: (id) => keyById.get(id),
    provider: (id) => providerById.get(id)?.name,
  };
}
