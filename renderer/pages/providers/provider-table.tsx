import { Anchor, Menu } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import type { Provider, ProviderUsage } from '../../../gateway/doors/admin/contract.ts';
import { useProvidersToday } from '../../api/today.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { OnSwitch } from '../../components/on-switch.tsx';
import { KIND_LETTERS } from '../../components/provider-look.ts';
import { RowMenu } from '../../components/row-menu.tsx';
import { Named } from '../../components/tile.tsx';
import { count, dollars, duration, NOTHING, percent } from '../../format.ts';
import classes from './provider-table.module.css';
import { StateCell } from './state-cell.tsx';

export interface ProviderTableProps {
  providers: readonly Provider[] | undefined;
  error: unknown;
  onRetry: () => void;
  /** The one whose drawer is open. */
  openId: string | undefined;
  testingId: string | null;
  onTest: (provider: Provider) => void;
  onDelete: (provider: Provider) => void;
  onRefused: (words: string | null) => void;
}

/** Beyond this a share of failed calls is worth a look. */
const MANY_FAIL = 0.1;

export function ProviderTable(props: ProviderTableProps) {
  const { providers, error, onRetry, openId, onTest, onDelete } = props;
  const [, navigate] = useLocation();
  const today = useProvidersToday().data;
  return (
    <DataTable
      label="Providers"
      columns={columnsOf(props, today)}
      rows={providers}
      rowKey={({ id }) => id}
      rowHeight={52}
      onOpen={({ id }) => navigate(`/providers/${id}`)}
      isOpen={({ id }) => id === openId}
      isOff={({ enabled }) => !enabled}
      empty={null}
      error={error}
      onRetry={onRetry}
      menu={(provider) => (
        <RowMenu label={provider.name}>
          <Menu.Item component={Link} href={`/providers/${provider.id}`}>
            Edit
          </Menu.Item>
          <Menu.Item onClick={() => onTest(provider)}>Test</Menu.Item>
          <Menu.Item component={Link} href={`/providers/${provider.id}?replace`}>
            {provider.hasCredential === false ? 'Add a key' : 'Replace the key'}
          </Menu.Item>
          <Menu.Item component={Link} href={`/models?providerId=${provider.id}`}>
            Its models
          </Menu.Item>
          <Menu.Item component={Link} href={`/audit?providerId=${provider.id}`}>
            Its requests
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => onDelete(provider)}>
            Delete…
          </Menu.Item>
        </RowMenu>
      )}
    />
  );
}

function columnsOf(
  { testingId, onTest, onRefused }: ProviderTableProps,
  today: ReadonlyMap<string, ProviderUsage> | undefined,
): Column<Provider>[] {
  /** Nothing while it is not known. */
  const figure = (tell: (usage: ProviderUsage | undefined) => string) => (provider: Provider) =>
    today === undefined ? '' : tell(today.get(provider.id));
  return [
    {
      id: 'name',
      header: 'Provider',
      cell: ({ name, kind, baseUrl, enabled }) => (
        <div className={classes.name}>
          <Named name={name} line={baseUrl} mono off={!enabled} letters={KIND_LETTERS[kind]} />
        </div>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: (provider) => (
        <StateCell provider={provider} testing={testingId === provider.id} onTest={() => onTest(provider)} />
      ),
    },
    {
      ...{ id: 'models', header: 'Models', align: 'right' },
      cell: ({ id, models }) =>
        models === 0 ? (
          '0'
        ) : (
          <Anchor component={Link} href={`/models?providerId=${id}`} c="inherit">
            {count(models)}
          </Anchor>
        ),
    },
    {
      ...{ id: 'requests', header: 'Requests today', align: 'right' },
      cell: figure((usage) => count(usage?.requests ?? 0)),
    },
    {
      ...{ id: 'first-byte', header: 'First byte', align: 'right', from: 1040 },
      cell: figure((usage) => duration(usage?.firstByteMs ?? null)),
    },
    {
      ...{ id: 'failed', header: 'Failed', align: 'right' },
      cell: (provider) => (today === undefined ? '' : <FailedShare usage={today.get(provider.id)} />),
    },
    {
      ...{ id: 'cost', header: 'Cost today', align: 'right', from: 1040 },
      cell: figure((usage) => dollars(usage?.costMicros ?? 0)),
    },
    {
      ...{ id: 'on', header: 'On', width: 58 },
      cell: ({ id, name, enabled }) => (
        <OnSwitch label={`Use ${name}`} path={`/providers/${id}`} on={enabled} onRefused={onRefused} />
      ),
    },
  ];
}

function FailedShare({ usage }: { usage: ProviderUsage | undefined }) {
  if (usage === undefined || usage.calls === 0) return <>{NOTHING}</>;
  const share = usage.failedCalls / usage.calls;
  return (
    <span
      className={share >= MANY_FAIL ? classes.many : undefined}
      title={`${count(usage.failedCalls)} of ${count(usage.calls)} calls`}
    >
      {percent(share, 1)}
    </span>
  );
}
