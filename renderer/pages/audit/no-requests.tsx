import { Anchor, Button, Group } from '@mantine/core';
import { Link } from 'wouter';
import type { Filters } from '../../api/use-filters.ts';
import { Empty } from '../../components/states.tsx';
import { type AuditView, isFiltered } from './use-audit-view.ts';

/** Why there is no row, and what to do next. */
export function NoRequests({ view, filters }: { view: AuditView; filters: Filters }) {
  if (isFiltered(view)) {
    return (
      <Empty
        title="No requests match"
        why={
          view.time === 'all'
            ? 'Nothing that is kept fits all of these filters.'
            : 'In this time nothing fits all of these filters.'
        }
        action={
          <Group gap={8}>
            <Button onClick={filters.clear}>Clear filters</Button>
            {view.time !== 'all' && (
              <Button onClick={() => filters.set({ time: 'all', from: null, to: null })}>
                Look at all times
              </Button>
            )}
          </Group>
        }
      />
    );
  }
  return view.time === 'all' ? (
    <Empty
      title="No requests yet"
      why="Every request that a tool sends stands here: who sent it, what answered, what it used, and why it was refused if it was. Never what was said."
      action={
        <Anchor component={Link} href="/connect">
          Connect a tool
        </Anchor>
      }
    />
  ) : (
    <Empty
      title="No requests in this time"
      why="They show here as they come: who sent them, what answered, what they used, and why they were refused if they were."
      action={
        <Group gap={12}>
          <Button onClick={() => filters.set({ time: 'all', from: null, to: null })}>
            Look at all times
          </Button>
          <Anchor component={Link} href="/connect">
            Connect a tool
          </Anchor>
        </Group>
      }
    />
  );
}
