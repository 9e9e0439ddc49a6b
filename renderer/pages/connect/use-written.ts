import { useSetup } from '../../api/connect-setup.ts';
import { useModels } from '../../api/lists.ts';

interface Models {
  model: string | null;
  smallModel: string | null;
}

const NO_WISHES = { model: null, smallModel: null, address: null };

/**
 * The models that a tool was set up with: the page begins with them, where they are still there. Another default must
 * not look as if its settings had changed.
 */
export function useWritten(tool: string, enabled: boolean): Models {
  const connected = useSetup(tool, NO_WISHES, enabled).data?.connected ?? null;
  const models = useModels().data;
  const known = (id: string | undefined) =>
    id !== undefined && (id === 'auto' || models?.some((one) => one.id === id) === true) ? id : null;
  return { model: known(connected?.model), smallModel: known(connected?.smallModel) };
}
