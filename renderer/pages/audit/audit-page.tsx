import { Button } from '@mantine/core';
import { IconArrowUp, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { AuditRow, AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { useSettings } from '../../api/lists.ts';
import { AUDIT } from '../../api/query-keys.ts';
import { useCopy } from '../../components/copy-button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failed, Skeletons } from '../../components/states.tsx';
import { plural } from '../../format.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditGrid } from './audit-grid.tsx';
import classes from './audit-page.module.css';
import { ExportDialog } from './export-dialog.tsx';
import { LiveButton } from './live-button.tsx';
import { NoRequests } from './no-requests.tsx';
import { momentText } from './time-span.ts';
import { TrafficStrip } from './traffic-strip.tsx';
import { type AuditRows, useAuditRows } from './use-audit-rows.ts';
import { spanOf, useAuditView } from './use-audit-view.ts';
import { useTraffic } from './use-traffic.ts';

/** The strip's end moves on so often. */
const STRIP_MS = 10_000;

/** The log of requests: newest first, live, every one of them to be opened. */
export function AuditPage() {
  const { id } = useParams();
  return id === undefined ? <AuditLog /> : <OneRequest id={id} />;
}

/** `/audit/5`, as ledgers and other pages link to a row: the log, looking for that request. */
function OneRequest({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const { data, error, refetch } = useQuery({
    queryKey: [AUDIT, 'detail', id],
    queryFn: ({ signal }) => getJson<AuditRowDetail>(`/requests/${id}`, {}, signal),
  });
  useEffect(() => {
    if (data !== undefined) navigate(`/audit?q=${data.requestId}`, { replace: true });
  }, [data, navigate]);
  return (
    <Page title="Audit">
      <Panel>
        {error === null ? (
          <Skeletons height={27} />
        ) : (
          <Failed what="This request" error={error} onRetry={() => void refetch()} />
        )}
      </Panel>
    </Page>
  );
}

function AuditLog() {
  const { view, filters } = useAuditView();
  const [live, setLive] = useState(true);
  const [openId, setOpenId] = useState<string | null>(null);
  const [top, setTop] = useState(true);
  const [exporting, setExporting] = useState(false);
  const watching = useRef(true);
  watching.current = live && top && openId === null;
  const rows = useAuditRows(view, () => !watching.current);
  const { head, tail, release, refresh } = rows;
  const { state, copy } = useCopy();
  const { data: settings } = useSettings();

  // Back at the top, one watches again.
  const waits = tail.waiting.length > 0 || rows.missed;
  useEffect(() => {
    if (!live || !top || openId !== null || !waits) return;
    if (rows.missed || tail.overflown) refresh();
    else release();
  });
  useOnlyRow(rows, setOpenId);

  const now = Math.ceil(Date.now() / STRIP_MS) * STRIP_MS;
  const span = spanOf(view, new Date(head?.reading ?? now));
  const whole = useMemo(() => wholeOf(head, tail.shown), [head, tail.shown]);
  const traffic = useTraffic(head?.query, span, whole, now);
  const chooseTime = useCallback(
    (from: number, to: number) => filters.set({ time: null, from: momentText(from), to: momentText(to) }),
    [filters],
  );
  const total = totals(rows, traffic?.traffic.refused ?? null);

  function showNew() {
    setOpenId(null);
    if (tail.overflown || rows.missed) refresh();
    else release();
    document.querySelector('[data-audit-scroller]')?.scrollTo(0, 0);
  }
  const kept = settings === undefined ? '' : ` Kept for ${plural(settings.retentionDays, 'day')}.`;
  return (
    <div className={classes.fill}>
      <Page
        title="Audit"
        lead={`Every request, admitted or refused: metadata, never content.${kept}`}
        actions={
          <>
            <LiveButton live={live} onChange={setLive} />
            <Button
              leftSection={<IconDownload size={15} stroke={1.5} />}
              onClick={() => setExporting(true)}
              disabled={head === undefined}
            >
              Export
            </Button>
          </>
        }
      >
        <AuditFilters
          view={view}
          filters={filters}
          aside={traffic === null || rows.count === 0 ? total : null}
        />
        {view.search?.kind === 'unclear' && (
          <p className={classes.hint} role="status">
            Looks for a whole request id, the beginning of a key, an address, a status or a code; this is none
            yet.
          </p>
        )}
        <section className={classes.panel} aria-label="Requests">
          {traffic !== null && rows.count > 0 && (
            <TrafficStrip shown={traffic} total={total} onChoose={chooseTime} />
          )}
          {head === undefined && rows.error === null && <Skeletons height={27} rows={16} />}
          {head === undefined && rows.error !== null && (
            <Failed what="The log" error={rows.error} onRetry={rows.retry} />
          )}
          {head !== undefined && rows.count === 0 && <NoRequests view={view} filters={filters} />}
          {head !== undefined && rows.count > 0 && (
            <AuditGrid
              rows={rows}
              openId={openId}
              onToggle={(row: AuditRow) => setOpenId(row.id === openId ? null : row.id)}
              onCopy={copy}
              onTop={setTop}
              withDays={view.time !== 'today' && view.time !== '1h'}
              chip={<NewChip rows={rows} onShow={showNew} />}
            />
          )}
        </section>
        <output className={classes.copied} aria-live="polite">
          {state === 'copied' && 'Request id copied'}
          {state === 'refused' && 'The browser did not let it be copied'}
        </output>
      </Page>
      {exporting && head !== undefined && (
        <ExportDialog
          query={head.query}
          total={head.total + tail.shown.length}
          capped={head.capped}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}

/** Every row of the list, where all of them came with its first page. */
function wholeOf(head: AuditRows['head'], live: readonly AuditRow[]): readonly AuditRow[] | null {
  if (head === undefined || head.capped || head.rows.length < head.total) return null;
  return [...live, ...head.rows];
}

/** How many wait above; a click goes there. */
function NewChip({ rows: { tail, missed }, onShow }: { rows: AuditRows; onShow: () => void }) {
  const amount = tail.waiting.length;
  if (amount === 0 && !missed) return null;
  return (
    <Button
      size="compact-sm"
      variant="filled"
      className={classes.chip ?? ''}
      leftSection={<IconArrowUp size={13} />}
      onClick={onShow}
    >
      {missed ? 'Newer requests' : `${amount}${tail.overflown ? '+' : ''} new`}
    </Button>
  );
}

/** Who looks for one request wants to read it. */
function useOnlyRow({ head, old }: AuditRows, open: (id: string) => void): void {
  const row = head?.query.requestId === undefined || old ? undefined : head.rows[0];
  const id = row?.id;
  useEffect(() => {
    if (id !== undefined) open(id);
  }, [id, open]);
}

function totals({ head, tail, capped }: AuditRows, refused: number | null): string {
  if (head === undefined) return '';
  const total = head.total + tail.shown.length;
  const all = capped ? `more than ${plural(total, 'request')}` : plural(total, 'request');
  return refused === null || refused === 0 || head.query.outcome !== undefined
    ? all
    : `${all}, ${refused} refused`;
}
