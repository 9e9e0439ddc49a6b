import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useMembers, useStatus } from '../api/lists.ts';
import { GatewayState } from './gateway-state.tsx';
import { Mark } from './mark.tsx';
import { PLACES, type Place, SETTINGS } from './places.ts';
import classes from './sidebar.module.css';

const IS_MAC = navigator.platform.startsWith('Mac');

/** Where one is and can go. Under 1040 px only icons; their words stay for screen readers. */
export function Sidebar() {
  const badges = useBadges();
  const groups = [undefined, 'Gateway', 'People', 'Activity'];
  return (
    <nav className={classes.sidebar} aria-label="Panel">
      <Link href="/" className={classes.brand}>
        <Mark />
        <span className={classes.word}>NoTokenLimit</span>
      </Link>
      <button type="button" className={classes.jump} onClick={() => spotlight.open()}>
        <IconSearch size={15} stroke={1.5} />
        <span className={classes.word}>Jump to…</span>
        <span className={`${classes.word} ${classes.keys}`}>{IS_MAC ? '⌘ K' : 'Ctrl K'}</span>
      </button>
      <div className={classes.places}>
        {groups.map((group) => (
          <div key={group ?? ''} className={classes.group}>
            {group !== undefined && <h2 className={classes.heading}>{group}</h2>}
            {PLACES.filter((place) => place.group === group).map((place) => (
              <PlaceLink key={place.path} place={place} badge={badges[place.path] ?? 0} />
            ))}
          </div>
        ))}
      </div>
      <PlaceLink place={SETTINGS} badge={0} />
      <GatewayState />
    </nav>
  );
}

function PlaceLink({ place, badge }: { place: Place; badge: number }) {
  const [location] = useLocation();
  const here = place.path === '/' ? location === '/' : location.startsWith(place.path);
  const Icon = place.icon;
  return (
    <Link
      href={place.path}
      className={classes.place}
      aria-current={here ? 'page' : undefined}
      title={place.label}
    >
      <Icon size={16} stroke={1.5} />
      <span className={classes.word}>{place.label}</span>
      {badge > 0 && (
        <span className={classes.badge}>
          {badge}
          <span className="visually-hidden"> to look at</span>
        </span>
      )}
    </Link>
  );
}

function useBadges(): Record<string, number> {
  const pending = useMembers().data?.filter(({ status }) => status === 'pending').length ?? 0;
  return { '/members': pending, '/security': useStatus().data?.counts.unseenAlerts ?? 0 };
}
