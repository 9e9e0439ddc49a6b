import type { UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { count, dollars } from '../../format.ts';

/** Today's sums, from local midnight on. */
export function Figures({ today, running }: { today: UsageSums; running: number }) {
  const figures = [
    { label: 'Requests today', value: count(today.requests + today.refused) },
    { label: 'Refused', value: count(today.refused) },
    { label: 'Tokens', value: count(today.inputTokens + today.outputTokens) },
    { label: 'Cost', value: dollars(today.costMicros) },
    { label: 'Running now', value: count(running) },
  ];
  return (
    <section className="panel strip" aria-label="Today">
      {figures.map(({ label, value }) => (
        <div key={label} className="cell">
          <div className="label">{label}</div>
          <div className="figure">{value}</div>
        </div>
      ))}
    </section>
  );
}
