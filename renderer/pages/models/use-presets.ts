import { useQuery } from '@tanstack/react-query';
import type { PresetList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';

export function usePresets() {
  return useQuery({
    queryKey: [CONFIG, 'presets'],
    queryFn: async ({ signal }) => (await getJson<PresetList>('/presets', {}, signal)).data,
  });
}
