import { dotenv } from '../editing/dotenv.ts';
import { jsonc, plainJson } from '../editing/jsonc.ts';
import { markedBlock } from '../editing/marked-block.ts';
import type { SettingsFormat } from '../editing/settings-format.ts';
import { toml } from '../editing/toml.ts';
import { yaml } from '../editing/yaml.ts';
import type { FormatName } from './tool-setup.ts';

const FORMATS: Readonly<Record<string, SettingsFormat>> = {
  ...{ json: plainJson, jsonc, toml, yaml, dotenv },
};

export function formatNamed(name: FormatName): SettingsFormat {
  return FORMATS[name] ?? markedBlock(name.slice('block:'.length));
}
