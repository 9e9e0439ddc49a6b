import type { Overview, Trouble } from '../../api/use-overview.ts';
import { moment, plural } from '../../format.ts';
import { Addresses } from './addresses.tsx';
import { Figures } from './figures.tsx';
import { LatestRequests } from './latest-requests.tsx';
import { Notices } from './notices.tsx';

export interface HomePageProps {
  data: Overview;
  /** Set while the data may be out of date. */
  trouble: Trouble | null;
}

export function HomePage({ data, trouble }: HomePageProps) {
  const { status, today, rows, draining } = data;
  return (
    <main className="page">
      <header>
        <h1>
          <StateDot stale={trouble !== null} draining={draining} />
        </h1>
        <p className="secondary">
          Since {moment(status.startedAt)}. {plural(status.counts.providers, 'provider')},{' '}
          {plural(status.counts.models, 'model')}, {plural(status.counts.members, 'member')}.
        </p>
      </header>
      {trouble !== null && <Stale trouble={trouble} />}
      <Notices notices={status.notices} />
      <Addresses url={status.addresses[0]} />
      <Figures today={today} running={status.runningRequests} />
      <LatestRequests rows={rows} />
      <footer className="secondary">
        <p>{status.vault.protection}</p>
        <p>Version {status.version}</p>
      </footer>
    </main>
  );
}

function StateDot({ stale, draining }: { stale: boolean; draining: boolean }) {
  const [look, words] = stale
    ? ['bad', 'Gateway does not answer']
    : draining
      ? ['warn', 'Gateway is shutting down']
      : ['ok', 'Gateway is running'];
  return (
    <>
      <span className={`dot ${look}`} aria-hidden="true" />
      {words}
    </>
  );
}

function Stale({ trouble }: { trouble: Trouble }) {
  const why = trouble.kind === 'signed-out' ? 'This browser is no longer signed in.' : trouble.message;
  return (
    <p className="notice bad" role="status">
      {why} What is below was true before.
    </p>
  );
}
