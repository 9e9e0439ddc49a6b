import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useJoinRequests, useKeys, useMembers, useProviders } from '../../api/lists.ts';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../../components/states.tsx';
import { Dot } from '../../components/status.tsx';
import { moment, utc } from '../../format.ts';
import { type Attention, attentionOf } from './attention.ts';
import classes from './attention-panel.module.css';
import { useUnseenAlerts } from './queries.ts';

const MOST_SHOWN = 4;
const ROW_PX = 49;

/** What the owner should look at, each with its one next step. */
export function AttentionPanel() {
  const { data: alerts, error, refetch } = useUnseenAlerts();
  const providers = useProviders().data;
  const members = useMembers().data;
  const keys = useKeys().data;
  const joining = useJoinRequests().data ?? [];
  const known =
    alerts === undefined || providers === undefined || members === undefined || keys === undefined
      ? undefined
      : attentionOf({ alerts: alerts.data, providers, members, keys, joining });
  const more = known !== undefined && known.length > MOST_SHOWN;
  return (
    <Panel
      title="Alerts"
      aside={
        <Anchor component={Link} href="/security">
          {more ? `All ${known.length}` : 'All'}
          <span className="visually-hidden"> alerts</span>
        </Anchor>
      }
      className={classes.panel ?? ''}
      flush
    >
      {known === undefined && error !== null && (
        <Failed what="The alerts" error={error} onRetry={() => void refetch()} />
      )}
      {known === undefined && error === null && <Skeletons rows={MOST_SHOWN} height={ROW_PX} />}
      {known?.length === 0 && (
        <Empty
          title="Nothing needs you"
          why="Failing providers, keys on new addresses and people who ask to join show here."
        />
      )}
      {known !== undefined && known.length > 0 && (
        <ul className={classes.list}>
          {known.slice(0, MOST_SHOWN).map((one) => (
            <Row key={one.id} {...one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ tone, title, line, at, action, href }: Attention) {
  return (
    <li className={classes.row}>
      <span className={classes.dot}>
        <Dot tone={tone} />
      </span>
      <span className={classes.title} title={title}>
        {title}
      </span>
      <span className={classes.at}>
        {at !== null && (
          <time dateTime={at} title={utc(at)}>
            {moment(at).replace(/(\d\d:\d\d):\d\d/, '$1')}
          </time>
        )}
      </span>
      <span className={classes.line} title={line}>
        {line}
      </span>
      <Anchor
        component={Link}
        href={href}
        className={classes.action ?? ''}
        aria-label={`${action}: ${title}`}
      >
        {action}
      </Anchor>
    </li>
  );
}
