import type { LimitState, List, Model } from '../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../api/admin-api.ts';
import { useMembers, useModels, useSettings } from '../../api/lists.ts';
import { useSend } from '../../api/use-send.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { wordsOf } from '../../components/states.tsx';
import { deleteQuestion, referencesTo } from './delete-question.tsx';
import { pathOf } from './model-table.tsx';
import { usePresets } from './use-presets.ts';

/** @returns asks, lets aliases of the model go, then deletes it */
export function useDeleteModel(onRefused: (words: string | null) => void, onDone: () => void) {
  const confirm = useConfirm();
  const models = useModels().data ?? [];
  const members = useMembers().data ?? [];
  const presets = usePresets().data ?? [];
  const settings = useSettings().data;
  const { mutate } = useSend(async ({ model, aliases }: { model: Model; aliases: readonly Model[] }) => {
    for (const { id } of aliases) await sendJson('PATCH', pathOf(id), { aliasOf: null });
    await sendJson('DELETE', pathOf(model.id));
  });
  return async (model: Model) => {
    const limits = await limitsOf(model.id);
    const references = referencesTo(model.id, models, members, presets, settings, limits);
    if (!(await confirm(deleteQuestion(model, references)))) return;
    mutate(
      { model, aliases: references.aliases },
      {
        onSuccess: () => {
          onRefused(null);
          onDone();
        },
        onError: (error) => onRefused(wordsOf(error)),
      },
    );
  };
}

async function limitsOf(model: string): Promise<number> {
  try {
    return (await getJson<List<LimitState>>('/limits', { model, pageSize: 1_000 })).pagination.total;
  } catch {
    // The question is asked all the same.
    return 0;
  }
}
