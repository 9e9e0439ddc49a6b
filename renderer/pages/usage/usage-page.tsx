import { Anchor, Button, Group as Row } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { askAdmin, withQuery } from '../../api/admin-api.ts';
import { useKeys, useMembers, useSettings } from '../../api/lists.ts';
import { saveFile } from '../../api/save-file.ts';
import type { Filters } from '../../api/use-filters.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failed, Notice, Skeletons, wordsOf } from '../../components/states.tsx';
import { plural, whole } from '../../format.ts';
import { barsOf } from './bars.ts';
import { type Group, groupsOf } from './groups.ts';
import { UsageFigures } from './usage-figures.tsx';
import { UsageFilters } from './usage-filters.tsx';
import classes from './usage-page.module.css';
import { UsageTable } from './usage-table.tsx';
import { usageQuery, useUsage } from './use-usage.ts';
import { DIMENSIONS, FILTERS, type UsageView, useUsageView } from './use-usage-view.ts';

const UsageChart = lazy(() => import('./usage-chart.tsx'));

/** So many groups are listed at first; each time more are asked for, ten times as many. */
const FIRST_SHOWN = 100;

/** What was used, one question at a time: what is counted, over which time, split by what. */
export function UsagePage() {
  const { view, filters } = useUsageView();
  const { data: settings } = useSettings();
  const kept = settings === undefined ? '' : ` single requests for ${plural(settings.retentionDays, 'day')}.`;
  return (
    <Page
      title="Usage"
      lead={`Sums by hour are kept for ever${kept === '' ? '.' : `;${kept}`}`}
      actions={<ExportButton view={view} />}
    >
      <UsageFilters view={view} filters={filters} />
      <Report view={view} filters={filters} />
    </Page>
  );
}

function Report({ view, filters }: { view: UsageView; filters: Filters }) {
  const [shown, setShown] = useState(FIRST_SHOWN);
  const { data, error, isPlaceholderData, refetch } = useUsage(view, shown);
  const whose = useKeyOwners();
  if (data === undefined && error !== null) {
    return (
      <Panel>
        <Failed what="Usage" error={error} onRetry={() => void refetch()} />
      </Panel>
    );
  }
  const asked = data === undefined ? view : data.asked;
  const totals = data?.table.totals;
  const groups =
    data === undefined
      ? []
      : groupsOf(data.table.data, data.table.totals, asked).map((group) =>
          asked.dimension === 'key' ? { ...group, note: whose(group.filter) } : group,
        );
  const listed = data?.table.data.length ?? 0;
  const known = data?.table.pagination.total ?? 0;
  // Groups whose every request was refused come last, and are not listed.
  const count = listed < known ? known : groups.length;
  const none = totals?.requests === 0;
  return (
    <div className={classes.report} data-old={isPlaceholderData || undefined} aria-busy={isPlaceholderData}>
      <Panel flush>
        <UsageFigures totals={totals} span={asked.span} now={asked.now} />
        {none ? (
          <NothingUsed view={view} filters={filters} />
        ) : (
          <div
            className={classes.chart}
            role="img"
            aria-label={`Bars of ${asked.metric} by ${asked.span.bucket}; the table below has the sums`}
          >
            {data !== undefined && (
              <Suspense fallback={null}>
                <UsageChart
                  bars={barsOf(data.bars.data, groups, asked)}
                  groups={groups}
                  count={count}
                  metric={asked.metric}
                  span={asked.span}
                  clock={asked.clock}
                  now={asked.now}
                />
              </Suspense>
            )}
          </div>
        )}
      </Panel>
      {data === undefined && (
        <Panel flush>
          <Skeletons height={30} />
        </Panel>
      )}
      {data !== undefined && !none && (
        <Panel flush>
          <UsageTable
            groups={groups}
            totals={data.table.totals}
            dimension={asked.dimension}
            metric={asked.metric}
            onOpen={(group) => showAlone(filters, asked.dimension, group)}
          />
          {listed < known && (
            <MoreRows listed={listed} known={known} view={asked} onMore={() => setShown(shown * 10)} />
          )}
        </Panel>
      )}
    </div>
  );
}

/** Thousands of keys are not read at once. */
function MoreRows(props: { listed: number; known: number; view: UsageView; onMore: () => void }) {
  const { listed, known, view, onMore } = props;
  const { plural: what } = DIMENSIONS.find(({ value }) => value === view.dimension) ?? { plural: 'groups' };
  return (
    <div className={classes.more}>
      <span className="muted">
        The {whole(listed)} largest of {whole(known)} {what}
      </span>
      <Button variant="default" size="xs" onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}

/** One group alone, split by what one asks next of it. */
function showAlone(filters: Filters, dimension: UsageView['dimension'], group: Group): void {
  const by = dimension === 'model' ? 'member' : 'model';
  filters.set({ [FILTERS[dimension]]: group.filter, by });
}

function NothingUsed({ view, filters }: { view: UsageView; filters: Filters }) {
  const filtered = Object.values(view.chosen).some((value) => value !== null);
  if (filtered) {
    const none = { model: null, memberId: null, keyId: null, tool: null, providerId: null };
    return (
      <Empty
        title="No requests match these filters"
        why={`From ${view.span.dates} nothing was sent that fits all of them.`}
        action={<Button onClick={() => filters.set(none)}>Clear filters</Button>}
      />
    );
  }
  return (
    <Empty
      title="No requests in this time"
      why="Every admitted request is summed up here by hour, with its tokens and what it cost."
      action={
        <Row gap={12}>
          {view.spanName !== '1y' && (
            <Button onClick={() => filters.set({ span: '1y', from: null, to: null })}>Show a year</Button>
          )}
          <Anchor component={Link} href="/connect">
            Connect a tool
          </Anchor>
        </Row>
      }
    />
  );
}

/** @returns whose key it is, by its id */
function useKeyOwners(): (keyId: string | null) => string | null {
  const { data: keys = [] } = useKeys();
  const { data: members = [] } = useMembers();
  return (keyId) => {
    const memberId = keys.find(({ id }) => id === keyId)?.memberId;
    return members.find(({ id }) => id === memberId)?.name ?? null;
  };
}

/** What is shown, as the gateway has it: by hour or day, unrounded. */
function ExportButton({ view }: { view: UsageView }) {
  const [state, setState] = useState<{ busy: boolean; refusal: string | null }>({
    busy: false,
    refusal: null,
  });
  async function save() {
    setState({ busy: true, refusal: null });
    try {
      const answer = await askAdmin(withQuery('/usage', { ...usageQuery(view), format: 'csv' }));
      saveFile(await answer.blob(), fileName(view));
      setState({ busy: false, refusal: null });
    } catch (error) {
      setState({ busy: false, refusal: wordsOf(error) });
    }
  }
  return (
    <>
      {state.refusal !== null && <Notice tone="bad">{state.refusal}</Notice>}
      <Button
        leftSection={<IconDownload size={15} stroke={1.5} />}
        loading={state.busy}
        onClick={() => void save()}
      >
        Export CSV
      </Button>
    </>
  );
}

function fileName({ span, dimension, clock }: UsageView): string {
  const day = (at: number) => new Date(at + clock.offsetMinutes * 60_000).toISOString().slice(0, 10);
  const what = DIMENSIONS.find(({ value }) => value === dimension)?.value;
  return `usage-by-${what}-${day(span.from)}-to-${day(span.to - 1)}.csv`;
}
