import { useSearchParams } from 'wouter';
import type { Provider } from '../../../gateway/doors/admin/contract.ts';
import { useProviderKinds } from '../../api/lists.ts';
import { PROVIDER_LOOKS } from '../../components/provider-look.ts';
import { Notice } from '../../components/states.tsx';
import { comingMoment, moment } from '../../format.ts';
import { ProviderDrawer } from './provider-drawer.tsx';
import { valuesOf } from './provider-values.ts';

interface EditProviderProps {
  provider: Provider;
  onDelete: () => void;
  onClose: () => void;
}

/** `/providers/3`; `?replace` asks for a new credential at once. */
export function EditProvider({ provider, onDelete, onClose }: EditProviderProps) {
  const [params] = useSearchParams();
  const kind = useProviderKinds().data?.find(({ id }) => id === provider.kind);
  if (kind === undefined) return null;
  const values = valuesOf(provider);
  return (
    <ProviderDrawer
      title={provider.name}
      kind={kind}
      initialValues={params.has('replace') ? { ...values, credentialFate: 'replace' } : values}
      saved={provider}
      head={<Standing provider={provider} />}
      onDelete={onDelete}
      onClose={onClose}
      onDone={onClose}
    />
  );
}

/** What is wrong with it, where something is. */
function Standing({ provider: { state } }: { provider: Provider }) {
  const { tone, word } = PROVIDER_LOOKS[state.kind];
  if (tone !== 'bad' && tone !== 'warn' && state.message === null) return null;
  const since = state.since === null || tone === 'ok' ? '' : ` since ${moment(state.since)}`;
  const until = state.until === null ? '' : `, called again at ${comingMoment(state.until)}`;
  return (
    <Notice tone={tone === 'bad' ? 'bad' : 'warn'}>
      <b>
        {word}
        {since}
        {until}.
      </b>{' '}
      {state.message}
    </Notice>
  );
}
