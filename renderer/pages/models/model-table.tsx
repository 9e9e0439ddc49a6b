import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { useModelsToday } from '../../api/today.ts';
import { useCopy } from '../../components/copy-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { OnSwitch } from '../../components/on-switch.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { count, NOTHING } from '../../format.ts';
import { perMillion } from './dollars.ts';
import { AUTO, ECHO, GROUP_TITLES, type ModelRow } from './model-rows.ts';
import classes from './model-table.module.css';
import { TargetCell } from './target-cell.tsx';

export interface ModelTableProps {
  rows: readonly ModelRow[] | undefined;
  providers: ReadonlyMap<string, Provider>;
  error: unknown;
  onRetry: () => void;
  /** The one whose drawer is open. */
  openId: string | null;
  /** Of the drawer of a model. */
  linkTo: (id: string) => string;
  onDelete: (row: ModelRow) => void;
  onRefused: (words: string | null) => void;
  empty: ReactNode;
}

/** Of a model, in the admin API and in the panel. */
export const pathOf = (id: string) => `/models/${encodeURIComponent(id)}`;

export function ModelTable(props: ModelTableProps) {
  const { rows, error, onRetry, openId, linkTo, onDelete, empty } = props;
  const [, navigate] = useLocation();
  const { copy } = useCopy();
  const today = useModelsToday().data;
  const firsts = firstOfGroups(rows ?? []);
  return (
    <DataTable
      label="Models"
      columns={columnsOf(props, today)}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={38}
      onOpen={({ id }) => navigate(linkTo(id))}
      isOpen={({ id }) => id === openId}
      isOff={(row) => row.model?.enabled === false || isUnbound(row)}
      groupOf={(row) => (firsts.has(row) ? GROUP_TITLES[row.group] : null)}
      empty={empty}
      error={error}
      onRetry={onRetry}
      menu={(row) => (
        <RowMenu label={row.id}>
          <Menu.Item component={Link} href={linkTo(row.id)}>
            Edit
          </Menu.Item>
          <Menu.Item onClick={() => copy(row.id)}>Copy the name</Menu.Item>
          <Menu.Item component={Link} href={`/playground?model=${encodeURIComponent(row.id)}`}>
            Try it
          </Menu.Item>
          <Menu.Item component={Link} href={`/audit?model=${encodeURIComponent(row.id)}`}>
            Its requests
          </Menu.Item>
          {row.group !== 'built-in' && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => onDelete(row)}>
                Delete…
              </Menu.Item>
            </>
          )}
        </RowMenu>
      )}
    />
  );
}

function columnsOf(
  { providers, onRefused }: ModelTableProps,
  today: ReadonlyMap<string, number> | undefined,
): Column<ModelRow>[] {
  return [
    {
      id: 'id',
      header: 'Model',
      cell: ({ id }) => <code className={classes.id}>{id}</code>,
    },
    {
      id: 'targets',
      header: 'Targets, in order',
      cell: (row) => <TargetCell row={row} providers={providers} />,
    },
    {
      ...{ id: 'multiplier', header: 'Multiplier', align: 'right' },
      cell: ({ model, served, group }) =>
        served === null ? '' : <Multiplier {...multiplierOf(model, served, group !== 'alias')} />,
    },
    {
      ...{ id: 'input', header: '$ per M in', align: 'right', from: 1040 },
      cell: (row) => <Price row={row} side="input" />,
    },
    {
      ...{ id: 'output', header: '$ per M out', align: 'right', from: 1040 },
      cell: (row) => <Price row={row} side="output" />,
    },
    {
      ...{ id: 'requests', header: 'Requests today', align: 'right' },
      cell: ({ id, group }) => {
        if (today === undefined) return '';
        const requests = today.get(id) ?? 0;
        return group === 'alias' && requests === 0 ? NOTHING : count(requests);
      },
    },
    {
      ...{ id: 'on', header: 'On', width: 58 },
      cell: (row) =>
        row.id === AUTO ? null : (
          <OnSwitch
            label={`Offer ${row.id}`}
            path={pathOf(row.id)}
            on={row.model?.enabled === true && !isUnbound(row)}
            disabled={isUnbound(row)}
            onRefused={onRefused}
          />
        ),
    },
  ];
}

/** An alias may have one of its own: any but x1, which is the served model's. */
function multiplierOf(model: Model | null, served: Model, isServed: boolean) {
  const own = isServed || (model !== null && model.multiplier !== 1);
  return { value: own && model !== null ? model.multiplier : served.multiplier, own };
}

function Multiplier({ value, own }: { value: number; own: boolean }) {
  return <span className={value === 1 || !own ? 'muted' : classes.multiplied}>x{value}</span>;
}

function Price({ row: { id, group, price, served }, side }: { row: ModelRow; side: 'input' | 'output' }) {
  if (served === null) return null;
  if (price === null) return <span title="Nobody knows its price: set your own.">{NOTHING}</span>;
  if (price.input === 0 && price.output === 0) return <span className="muted">free</span>;
  const isOwn = group === 'model' && id !== ECHO;
  return <span className={isOwn ? undefined : 'muted'}>{perMillion(price[side])}</span>;
}

/** Leads nowhere: there is nothing to switch. */
function isUnbound({ id, targets, leadsTo }: ModelRow): boolean {
  return id !== ECHO && targets.length === 0 && leadsTo === null;
}

function firstOfGroups(rows: readonly ModelRow[]): Set<ModelRow> {
  return new Set(rows.filter((row, index) => rows[index - 1]?.group !== row.group));
}
