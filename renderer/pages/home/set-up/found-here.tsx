import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { LocalRuntime, LocalRuntimeList, Provider } from '../../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../../api/admin-api.ts';
import { CONFIG } from '../../../api/query-keys.ts';
import { useSend } from '../../../api/use-send.ts';
import { Panel } from '../../../components/panel.tsx';
import { KIND_LETTERS } from '../../../components/provider-look.ts';
import { wordsOf } from '../../../components/states.tsx';
import { Named } from '../../../components/tile.tsx';
import { plural } from '../../../format.ts';
import classes from './found-here.module.css';

/** One may be started while this page is open. */
const LOOK_AGAIN_MS = 10_000;

/** Local runtimes that answer on this computer, each to be added with one press: they need no key. */
export function FoundHere() {
  const { data } = useQuery({
    queryKey: [CONFIG, 'local runtimes'],
    queryFn: ({ signal }) => getJson<LocalRuntimeList>('/local-runtimes', {}, signal),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const found = data?.data ?? [];
  if (found.length === 0) return null;
  return (
    <Panel title="Found on this computer">
      <ul className={classes.list}>
        {found.map((runtime) => (
          <Found key={runtime.baseUrl} runtime={runtime} />
        ))}
      </ul>
    </Panel>
  );
}

function Found({ runtime }: { runtime: LocalRuntime }) {
  const { label, kind, baseUrl, models, providerId } = runtime;
  const add = useSend(() => sendJson<Provider>('POST', '/providers', { name: label, kind, baseUrl }));
  return (
    <li className={classes.found}>
      <Named name={label} letters={KIND_LETTERS[kind]} line={`${plural(models, 'model')}, no key needed`} />
      {providerId === null ? (
        <Button size="compact-sm" loading={add.isPending} onClick={() => add.mutate(undefined)}>
          Add<span className="visually-hidden"> {label}</span>
        </Button>
      ) : (
        <Anchor component={Link} href={`/providers/${providerId}`}>
          Added
        </Anchor>
      )}
      {add.error !== null && (
        <p role="alert" className={classes.error}>
          {wordsOf(add.error)}
        </p>
      )}
    </li>
  );
}
