import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { JoinRequest } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAct } from '../../people/use-act.ts';

/** Turns somebody away, with a word for the page or without. */
export function RefuseQuestion({ request, onClose }: { request: JoinRequest; onClose: () => void }) {
  const [words, setWords] = useState('');
  const act = useAct();
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await act.run(() => sendJson('POST', `/join-requests/${request.id}/refuse`, { words }))) onClose();
  }
  return (
    <Modal opened onClose={onClose} title={`Decline ${request.name}?`}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="A word for the page"
          placeholder="Ask me on Monday, please."
          description={`${request.name} is taken off the list and sees this. Asking again is possible.`}
          maxLength={200}
          data-autofocus
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          error={act.refusal}
        />
        <Group justify="flex-end" gap={8} mt={20}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" color="red" loading={act.busy}>
            Decline
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
