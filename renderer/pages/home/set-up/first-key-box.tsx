import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CreatedKey, FirstKey } from '../../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../../api/admin-api.ts';
import { useMembers } from '../../../api/lists.ts';
import { CONFIG } from '../../../api/query-keys.ts';
import { useSend } from '../../../api/use-send.ts';
import { SecretBox } from '../../../components/secret-box.tsx';
import { wordsOf } from '../../../components/states.tsx';
import classes from './first-key-box.module.css';

const FIRST_KEY = [CONFIG, 'first key'] as const;

/**
 * The key of the first start until it is stored; where that is over, a new one on demand.
 * @param needed a key is wanted now
 * @param onKey told of the key that shows, null while none does
 */
export function FirstKeyBox({ needed, onKey }: { needed: boolean; onKey: (key: string | null) => void }) {
  const client = useQueryClient();
  const [made, setMade] = useState<CreatedKey | null>(null);
  const { data } = useQuery({
    queryKey: FIRST_KEY,
    queryFn: ({ signal }) => getJson<FirstKey>('/first-key', {}, signal),
  });
  const stored = useMutation({
    mutationFn: () => sendJson('DELETE', '/first-key'),
    onSettled: () => client.invalidateQueries({ queryKey: FIRST_KEY }),
  });
  const key = made?.key ?? data?.key ?? null;
  useEffect(() => onKey(key), [onKey, key]);

  if (data === undefined) return null;
  if (key === null) return needed ? <MakeOne onMade={setMade} /> : null;
  return (
    <div className={classes.box}>
      <SecretBox
        label={`Your ${made === null ? 'first' : 'new'} key, shown this once. Only its hash is kept.`}
        secret={key}
        busy={stored.isPending}
        primary={needed}
        onStored={() => (made === null ? stored.mutate() : setMade(null))}
      />
    </div>
  );
}

function MakeOne({ onMade }: { onMade: (made: CreatedKey) => void }) {
  const owner = useMembers().data?.find((member) => member.owner);
  const make = useSend((memberId: string) =>
    sendJson<CreatedKey>('POST', '/keys', { memberId, name: 'Second key' }),
  );
  if (owner === undefined) return null;
  return (
    <div className={classes.make}>
      <span className="secondary">
        {make.error === null
          ? 'The first key was shown before and cannot be shown again. Use it, or make another.'
          : wordsOf(make.error)}
      </span>
      <Button loading={make.isPending} onClick={() => make.mutate(owner.id, { onSuccess: onMade })}>
        Make a key
      </Button>
    </div>
  );
}
