/** Route prefixes for tools: `/claudecode/v1/messages` and the like. */
export interface Preset {
  /** First segment of the path. */
  id: string;
  label: string;
}

export const PRESETS: readonly Preset[] = [
  { id: 'claudecode', label: 'Claude Code' },
  { id: 'cline', label: 'Cline' },
  { id: 'cursor', label: 'Cursor' },
  { id: 'roocode', label: 'Roo Code' },
];

export function findPreset(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}
