import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { Provider, ProviderTest } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useModels, useProviders, useStatus } from '../../api/lists.ts';
import { useSend } from '../../api/use-send.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Dismissed } from '../../components/dismissed.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Notice, wordsOf } from '../../components/states.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { AddProvider } from './add-provider.tsx';
import { deleteQuestion } from './delete-question.tsx';
import { EditProvider } from './edit-provider.tsx';
import { FirstRun } from './first-run.tsx';
import { ImportDrawer } from './import/import-drawer.tsx';
import { NewRuntimes } from './local-runtimes.tsx';
import { meanwhile } from './meanwhile.ts';
import { ProviderTable } from './provider-table.tsx';
import classes from './providers-page.module.css';
import { Verdict } from './verdict.tsx';

/** What stands where a provider’s id may stand. */
const TASKS = ['add', 'import'];

export function ProvidersPage() {
  const { id } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const providers = useProviders();
  const models = useModels().data ?? [];
  const [refusal, setRefusal] = useState<string | null>(null);
  const vault = useStatus().data?.vault.kind === 'keychain' ? 'keychain' : 'vault';
  const test = useSend((provider: Provider) =>
    sendJson<ProviderTest>('POST', `/providers/${provider.id}/test`),
  );
  const remove = useDelete(setRefusal, () => navigate('/providers'));
  const add = () => navigate('/providers/add');
  const bring = () => navigate('/providers/import');
  const close = () => navigate('/providers');
  useShortcut('n', 'Add a provider', add);

  const list = providers.data;
  const opened = list?.find((provider) => provider.id === id);
  const isFirst = list?.length === 0;
  const tested = test.variables;
  return (
    <Page
      title="Providers"
      lead={`Services that answer. Credentials live in the ${vault} and are never shown again.`}
      actions={
        isFirst ? undefined : (
          <Group gap={8} wrap="nowrap">
            <Button onClick={bring}>Bring them from elsewhere</Button>
            <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={add}>
              Add provider
            </Button>
          </Group>
        )
      }
    >
      {refusal !== null && (
        <Notice tone="bad" action={<Dismissed onClick={() => setRefusal(null)} />}>
          {refusal}
        </Notice>
      )}
      {tested !== undefined && test.data !== undefined && (
        <Verdict
          test={test.data}
          kind={tested.kind}
          withKey={tested.hasCredential === true}
          name={tested.name}
          action={<Dismissed onClick={test.reset} />}
        />
      )}
      {test.error !== null && (
        <Notice tone="bad" action={<Dismissed onClick={test.reset} />}>
          {wordsOf(test.error)}
        </Notice>
      )}
      {list?.some(({ hasCredential }) => hasCredential === null) && (
        <Notice tone="warn">
          The vault is out of reach: credentials cannot be read. Unlock it; providers go on then by
          themselves. Local models need none.
        </Notice>
      )}
      {list !== undefined && id !== undefined && !TASKS.includes(id) && opened === undefined && (
        <Notice tone="warn" action={<Dismissed onClick={close} />}>
          There is no such provider. It may have been deleted.
        </Notice>
      )}
      {isFirst ? (
        <FirstRun onBring={bring} />
      ) : (
        <>
          <NewRuntimes />
          <Panel flush>
            <ProviderTable
              providers={list}
              error={providers.error}
              onRetry={() => void providers.refetch()}
              openId={id}
              testingId={test.isPending ? (tested?.id ?? null) : null}
              onTest={test.mutate}
              onDelete={remove}
              onRefused={setRefusal}
            />
          </Panel>
          {list !== undefined && (
            <p className={classes.foot}>
              {meanwhile(list, models).join(' ')} First byte is the median; failed counts calls to the
              provider, before any retry elsewhere.
            </p>
          )}
        </>
      )}
      {id === 'add' && list !== undefined && <AddProvider onClose={close} />}
      {id === 'import' && <ImportDrawer onClose={close} />}
      {opened !== undefined && (
        <EditProvider key={id} provider={opened} onDelete={() => remove(opened)} onClose={close} />
      )}
    </Page>
  );
}

/** @returns asks, then deletes */
function useDelete(onRefused: (words: string | null) => void, onDone: () => void) {
  const confirm = useConfirm();
  const models = useModels().data ?? [];
  const { mutate } = useSend(({ id }: Provider) => sendJson('DELETE', `/providers/${id}`));
  return async (provider: Provider) => {
    if (!(await confirm(deleteQuestion(provider, models)))) return;
    mutate(provider, {
      onSuccess: () => {
        onRefused(null);
        onDone();
      },
      onError: (error) => onRefused(wordsOf(error)),
    });
  };
}
