import { Anchor } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import { useModels } from '../../api/lists.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tile.tsx';
import { NOTHING, whole } from '../../format.ts';
import { Facts } from '../../people/facts.tsx';
import classes from './access-panel.module.css';
import { useRefused } from './queries.ts';

const MOST_TAGS = 4;

/** What a member may use, from where, and what it was refused. */
export function AccessPanel({ member, onEdit }: { member: Member; onEdit: () => void }) {
  const { data: models } = useModels();
  const { allowedModels } = member;
  const published = models === undefined ? '' : ` of ${whole(models.length)} models`;
  return (
    <Panel
      title="May use"
      note={allowedModels === null ? 'all models' : `${whole(allowedModels.length)}${published}`}
      aside={
        <Anchor component="button" type="button" onClick={onEdit} fz={13}>
          Edit
        </Anchor>
      }
    >
      {allowedModels !== null && <Allowed models={allowedModels} />}
      <Facts
        facts={[
          ['From', <From key="from" addresses={member.allowedIps} />],
          ['Makes own keys', member.selfService ? 'yes' : 'no'],
          ['Refused in 24 h', <Refused key="refused" memberId={member.id} />],
        ]}
      />
    </Panel>
  );
}

function Allowed({ models }: { models: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (models.length === 0) return <p className={classes.none}>No model: every request is refused.</p>;
  const rest = models.length - MOST_TAGS;
  return (
    <div className={classes.tags}>
      {(all ? models : models.slice(0, MOST_TAGS)).map((model) => (
        <Tag key={model} mono>
          {model}
        </Tag>
      ))}
      {!all && rest > 0 && (
        <Anchor component="button" type="button" onClick={() => setAll(true)}>
          {whole(rest)} more
        </Anchor>
      )}
    </div>
  );
}

function From({ addresses }: { addresses: readonly string[] | null }): ReactNode {
  if (addresses === null) return 'any address';
  if (addresses.length === 0) return 'nowhere';
  return (
    <span className={classes.addresses}>
      {addresses.map((address) => (
        <code key={address}>{address}</code>
      ))}
    </span>
  );
}

function Refused({ memberId }: { memberId: string }): ReactNode {
  const { data } = useRefused(memberId);
  if (data === undefined) return NOTHING;
  if (data.total === 0) return 'none';
  const [first, ...others] = data.codes;
  return (
    <Anchor component={Link} href={`/audit?memberId=${memberId}&outcome=refused`}>
      {whole(data.total)}, {others.length === 0 ? 'all ' : 'such as '}
      <code>{first}</code>
    </Anchor>
  );
}
