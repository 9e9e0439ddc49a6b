import { useLocation } from 'wouter';
import type { Ledger } from '../../../gateway/doors/admin/contract.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { dollars, signed, whole } from '../../format.ts';
import { type BalancedEntry, withBalances } from './ledger-balance.ts';
import classes from './ledger-table.module.css';

interface LedgerTableProps {
  ledger: Ledger | undefined;
  error: unknown;
  onRetry: () => void;
  memberName: string;
}

const KINDS = { grant: 'Grant', charge: 'Charge', refund: 'Refund' };

/** What went in and out, newest first, with the balance after each. */
export function LedgerTable({ ledger, error, onRetry, memberName }: LedgerTableProps) {
  const [, navigate] = useLocation();
  return (
    <DataTable
      label={`Ledger of ${memberName}`}
      columns={COLUMNS}
      rows={ledger === undefined ? undefined : withBalances(ledger)}
      rowKey={({ id }) => id}
      rowHeight={32}
      onOpen={({ requestRow }) => requestRow !== null && navigate(`/audit/${requestRow}`)}
      error={error}
      onRetry={onRetry}
      empty={
        <Empty
          title="Nothing was granted yet"
          why={`${memberName} is prepaid: its requests with standard keys are refused until there is a balance.`}
        />
      }
    />
  );
}

const COLUMNS: Column<BalancedEntry>[] = [
  {
    id: 'at',
    header: 'When',
    width: 100,
    cell: ({ at }) => (
      <span className="secondary">
        <Time at={at} />
      </span>
    ),
  },
  {
    id: 'kind',
    header: 'What',
    width: 84,
    cell: ({ kind }) => <span className="secondary">{KINDS[kind]}</span>,
  },
  { id: 'for', header: 'For', cell: (entry) => <For entry={entry} /> },
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    cell: (entry) => <span className={entry.kind === 'charge' ? '' : classes.in}>{amountWords(entry)}</span>,
  },
  {
    id: 'after',
    header: 'Balance after',
    align: 'right',
    cell: (entry) => <span className="secondary">{afterWords(entry)}</span>,
  },
];

function For({ entry: { kind, model, note } }: { entry: BalancedEntry }) {
  if (note !== null && note !== '') {
    return (
      <span className={classes.note} title={note}>
        {note}
      </span>
    );
  }
  if (model !== null) return <code>{model}</code>;
  return <span className="muted">{kind === 'grant' ? 'by you' : 'a request whose row is gone'}</span>;
}

/** Tokens or money, or both; a charge of nothing is told in tokens. */
function amountWords({ tokens, micros }: Pick<BalancedEntry, 'tokens' | 'micros'>): string {
  const money = `${micros > 0 ? '+' : ''}${dollars(micros, micros % 10_000 === 0 ? 2 : 4)}`;
  if (micros === 0) return signed(tokens);
  return tokens === 0 ? money : `${signed(tokens)}, ${money}`;
}

function afterWords({ tokens, micros, after }: BalancedEntry): string {
  if (micros === 0) return whole(after.tokens);
  return tokens === 0 ? dollars(after.micros, 2) : `${whole(after.tokens)}, ${dollars(after.micros)}`;
}
