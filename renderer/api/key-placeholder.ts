import type { KEY_PLACEHOLDER as Placeholder } from '../../gateway/doors/admin/contract.ts';

/** Stands where a key goes. Said again here: the contract's own would bring its schemas into the first load. */
export const KEY_PLACEHOLDER: typeof Placeholder = 'ntl_live_YOUR_KEY';
