import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { count, dollars, duration, moment, NOTHING } from '../../format.ts';

/** The last audit rows, newest first. */
export function LatestRequests({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <section className="panel">
      <h2>Latest requests</h2>
      {rows.length === 0 ? <Empty /> : <Table rows={rows} />}
    </section>
  );
}

function Empty() {
  return (
    <p className="empty">
      No request yet. Each one will stand here, admitted or refused: who, what model, how much, never its
      content.
    </p>
  );
}

function Table({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th>Time</th>
            <th>Status</th>
            <th>Member</th>
            <th className="least">Tool</th>
            <th>Model</th>
            <th>Provider or reason</th>
            <th className="number">In</th>
            <th className="number">Out</th>
            <th className="number">Cost</th>
            <th className="number least">First byte</th>
            <th className="number">Time taken</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { row: AuditRow }) {
  // Of a refused request nothing was used.
  const used = row.attempts > 0;
  return (
    <tr>
      <td>
        <time dateTime={row.at} title={row.at}>
          {moment(row.at)}
        </time>
      </td>
      <td>
        <Status row={row} />
      </td>
      <td>{row.memberName ?? NOTHING}</td>
      <td className="least">{row.tool || NOTHING}</td>
      <td>
        <code>{row.model ?? NOTHING}</code>
      </td>
      <td>{reasonOrProvider(row)}</td>
      <td className="number">{used ? count(row.inputTokens) : NOTHING}</td>
      <td className="number">{used ? count(row.outputTokens) : NOTHING}</td>
      <td className="number">{used ? dollars(row.costMicros, 4) : NOTHING}</td>
      <td className="number least">{duration(row.ttfbMs)}</td>
      <td className="number">{duration(row.latencyMs)}</td>
    </tr>
  );
}

/** An answered request is quiet; what went wrong has a dot. */
function Status({ row }: { row: AuditRow }) {
  if (row.status === 0) return <span className="secondary">running</span>;
  if (row.status < 400) return <span className="secondary">{row.status}</span>;
  const look = row.status >= 500 ? 'bad' : 'warn';
  return (
    <span className={look}>
      <span className={`dot ${look}`} aria-hidden="true" />
      {row.status}
    </span>
  );
}

function reasonOrProvider(row: AuditRow) {
  if (row.code !== null) return <code>{row.code}</code>;
  return row.providerName ?? (row.model === 'ntl/echo' ? 'Built in' : NOTHING);
}
