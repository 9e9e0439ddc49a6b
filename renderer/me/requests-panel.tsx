import type { Account, OwnRequest } from '../../gateway/doors/people/contract.ts';
import { useOwnRequests } from '../colleague/queries.ts';
import { Panel } from '../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { compact, dollars, duration, plural } from '../format.ts';
import classes from './requests-panel.module.css';

/** The latest requests: when, what, how it ended. Never what was said. */
export function RequestsPanel({ account }: { account: Account }) {
  const { data, error, refetch } = useOwnRequests();
  const rows = data?.data;
  return (
    <Panel title="Recent requests" aside={`Your plan shows ${plural(account.plan.historyDays, 'day')}`} flush>
      {rows === undefined && error === null && <Skeletons rows={4} height={34} />}
      {rows === undefined && error !== null && (
        <Failed what="The requests" error={error} onRetry={() => void refetch()} />
      )}
      {rows?.length === 0 && (
        <Empty
          title="Nothing asked yet"
          why="Your tools’ requests show here as they come. What was said is not stored."
        />
      )}
      {rows !== undefined && rows.length > 0 && (
        <table className={classes.table}>
          <caption className="visually-hidden">Your recent requests</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Model</th>
              <th scope="col" className={classes.wide}>
                Tool
              </th>
              <th scope="col" className={`number ${classes.wide}`}>
                Tokens
              </th>
              <th scope="col" className={`number ${classes.wide}`}>
                Cost
              </th>
              <th scope="col" className="number">
                Ended
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Row({ row }: { row: OwnRequest }) {
  const { at, model, tool, inputTokens, outputTokens, costMicros } = row;
  return (
    <tr>
      <td className={classes.at}>
        <Time at={at} />
      </td>
      <td className={classes.model}>
        <code>{model ?? '–'}</code>
      </td>
      <td className={classes.wide}>{tool}</td>
      <td className={`number ${classes.wide}`}>{compact(inputTokens + outputTokens)}</td>
      <td className={`number ${classes.wide}`}>{dollars(costMicros, 4)}</td>
      <td className={`number ${classes.end}`} data-tone={toneOf(row)}>
        {endWords(row)}
      </td>
    </tr>
  );
}

function endWords({ status, code, latencyMs }: OwnRequest): string {
  if (status === 0) return 'running';
  return status < 400 ? duration(latencyMs) : `${status} ${code ?? ''}`.trim();
}

function toneOf({ status }: OwnRequest): string | undefined {
  if (status < 400) return undefined;
  return status < 500 ? 'warn' : 'bad';
}
