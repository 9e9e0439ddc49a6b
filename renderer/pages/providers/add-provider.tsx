import { useSearchParams } from 'wouter';
import type { ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import { useProviderKinds, useProviders } from '../../api/lists.ts';
import { CatalogueDrawer } from './catalogue-drawer.tsx';
import { ProviderDrawer } from './provider-drawer.tsx';
import { newValues } from './provider-values.ts';
import { useLocalRuntimes } from './queries.ts';

/** Which kind, then its settings: `/providers/add?kind=mistral`, `?kind=ollama&at=http://127.0.0.1:11434`. */
export function AddProvider({ onClose }: { onClose: () => void }) {
  const [params, setParams] = useSearchParams();
  const kinds = useProviderKinds().data;
  const providers = useProviders().data;
  const runtimes = useLocalRuntimes();
  const kind = kinds?.find(({ id }) => id === params.get('kind'));
  const choose = (chosen: ProviderKindFacts) => setParams({ kind: chosen.id });
  if (kind === undefined || providers === undefined) {
    return <CatalogueDrawer onChoose={choose} onClose={onClose} />;
  }
  // Any page may link here: what is tried at once, and stands where a credential goes, the gateway has found itself.
  const at = params.get('at');
  if (at !== null && runtimes.isPending) return null;
  const isFound = runtimes.data?.data.some((runtime) => runtime.kind === kind.id && runtime.baseUrl === at);
  const foundAt = isFound === true ? at : null;
  return (
    <ProviderDrawer
      key={kind.id}
      title="Add provider"
      kind={kind}
      initialValues={newValues(
        kind,
        providers.map(({ name }) => name),
        foundAt,
      )}
      testAtOnce={foundAt !== null}
      onChangeKind={() => setParams({})}
      onClose={onClose}
      onDone={onClose}
    />
  );
}
