import { Anchor } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Provider } from '../../../gateway/doors/admin/contract.ts';
import { PROVIDER_LOOKS } from '../../components/provider-look.ts';
import { Dot } from '../../components/status.tsx';
import { percent } from '../../format.ts';
import { AUTO, ECHO, type ModelRow } from './model-rows.ts';
import classes from './target-cell.module.css';

/** What answers a name: providers in order, another model, or nothing yet. */
export function TargetCell({ row, providers }: { row: ModelRow; providers: ReadonlyMap<string, Provider> }) {
  if (row.id === ECHO) return <span className="secondary">Answers on this computer, for tests</span>;
  if (row.targets.length > 0) return <Targets row={row} providers={providers} />;
  if (row.leadsTo === null) {
    return (
      <span className="muted">
        Leads nowhere yet.{' '}
        <Anchor component={Link} href={`/models/${encodeURIComponent(row.id)}`} underline="always">
          Choose a model
        </Anchor>
      </span>
    );
  }
  return (
    <span className={classes.alias}>
      <IconArrowRight size={14} stroke={1.5} aria-label="stands for" className={classes.arrow ?? ''} />
      <code>{row.leadsTo}</code>
      {whyNot(row) !== null && <span className={classes.why}>{whyNot(row)}</span>}
    </span>
  );
}

function whyNot({ id, served, model }: ModelRow): string | null {
  if (served === null) return 'leads nowhere yet';
  if (!served.enabled) return 'is off';
  return model?.enabled === true && !model.bound && id !== AUTO ? 'does not answer' : null;
}

function Targets({ row, providers }: { row: ModelRow; providers: ReadonlyMap<string, Provider> }) {
  return (
    <span className={classes.targets}>
      {row.targets.map(({ providerId, providerName, upstreamModel, rank, weight }) => {
        const provider = providers.get(providerId);
        const look = provider && PROVIDER_LOOKS[provider.state.kind];
        const sharing = row.targets.filter((target) => target.rank === rank);
        const sum = sharing.reduce((total, target) => total + target.weight, 0);
        return (
          <span key={`${providerId} ${upstreamModel}`} className={classes.target} title={upstreamModel}>
            <span className={classes.place}>{rank + 1}</span>
            <Dot tone={look?.tone ?? 'off'} />
            {providerName}
            <span className="visually-hidden">({look?.word ?? 'unknown'})</span>
            {sharing.length > 1 && <span className={classes.share}>{percent(weight / sum)}</span>}
          </span>
        );
      })}
    </span>
  );
}
