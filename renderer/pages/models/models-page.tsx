import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useLocation, useParams } from 'wouter';
import { useFilters } from '../../api/use-filters.ts';
import { Page } from '../../components/page.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { ModelList } from './model-list.tsx';
import { PresetList } from './preset-list.tsx';

/** `/models`, `/models/<id>`, and the tools' routes at `/models?tab=routes`. */
export function ModelsPage() {
  const { id } = useParams<{ id?: string }>();
  const filters = useFilters();
  const [, navigate] = useLocation();
  const tab = filters.get('tab') === 'routes' ? 'routes' : 'models';
  const add = () => (tab === 'routes' ? filters.set({ preset: 'new' }) : navigate('/models/add'));
  const addLabel = tab === 'routes' ? 'Add route' : 'Add model';
  useShortcut('n', addLabel, add);
  return (
    <Page
      title="Models"
      lead={
        tab === 'routes'
          ? 'An address for each tool, and what requests that come there get.'
          : 'Names that clients send, and who answers them, in order. The first that can serves.'
      }
      actions={
        <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={add}>
          {addLabel}
        </Button>
      }
    >
      <Tabs
        value={tab}
        onChange={(value) => navigate(value === 'routes' ? '/models?tab=routes' : '/models')}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="models">Models</Tabs.Tab>
          <Tabs.Tab value="routes">Tool routes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="models" pt={14}>
          <ModelList openId={id === undefined ? null : decoded(id)} />
        </Tabs.Panel>
        <Tabs.Panel value="routes" pt={14}>
          <PresetList />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
