import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useLocation, useParams } from 'wouter';
import type { Plan } from '../../../gateway/doors/admin/contract.ts';
import { usePlans } from '../../api/lists.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { PeopleTabs } from '../../people/people-tabs.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { PlanDrawer } from './plan-drawer.tsx';
import { PlansTable } from './plans-table.tsx';

/** By price, then by what they allow. */
function smallFirst(a: Plan, b: Plan): number {
  const perMinute = ({ requestsPerMinute }: Plan) => requestsPerMinute ?? Number.POSITIVE_INFINITY;
  return a.priceMicros - b.priceMicros || perMinute(a) - perMinute(b) || 0;
}

const HERE = '/members/plans';

/** What members have in common: limits, and how far their lists reach. */
export function PlansPage() {
  const plans = usePlans();
  const { id } = useParams();
  const filters = useFilters();
  const [, navigate] = useLocation();
  const isAdding = filters.get('add') !== null;
  const open = plans.data?.find((plan) => plan.id === id);
  const add = () => filters.set({ add: '1' });
  useShortcut('n', 'Add plan', add);
  return (
    <Page
      title="Members"
      lead="A plan holds for all of its members; a limit of a member’s own takes the place of the plan’s."
      actions={
        <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={add}>
          Add plan
        </Button>
      }
    >
      <PeopleTabs here="plans" />
      <Panel flush>
        <PlansTable
          rows={plans.data?.toSorted(smallFirst)}
          openId={id ?? null}
          onOpen={(plan) => navigate(`${HERE}/${plan.id}`)}
          error={plans.error}
          onRetry={() => void plans.refetch()}
        />
      </Panel>
      {isAdding && <PlanDrawer plan={null} onClose={() => filters.set({ add: null })} />}
      {open !== undefined && !isAdding && (
        <PlanDrawer key={open.id} plan={open} onClose={() => navigate(HERE)} />
      )}
    </Page>
  );
}
