import { UnstyledButton } from '@mantine/core';
import type { ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import { KIND_LETTERS } from '../../components/provider-look.ts';
import { Tile } from '../../components/tile.tsx';
import classes from './kind-catalogue.module.css';

export type KindGroup = 'hosted' | 'own' | 'other';

export const GROUP_NAMES: Readonly<Record<KindGroup, string>> = {
  hosted: 'With an API key',
  own: 'On machines of yours',
  other: 'Any other service',
};

/** Kinds that most people ask for stand first. */
const FIRST: readonly ProviderKindFacts['id'][] = [
  ...(['anthropic', 'openai', 'google', 'openrouter', 'deepseek', 'mistral', 'xai', 'groq'] as const),
  ...(['azure-openai', 'together', 'fireworks', 'novita', 'bedrock', 'vertex'] as const),
  ...(['openai-compatible', 'anthropic-compatible'] as const),
];

const LINES: Partial<Record<ProviderKindFacts['id'], string>> = {
  'openai-compatible': 'Anything else: a base URL is enough',
  'anthropic-compatible': 'Any service that answers /v1/messages',
  notokenlimit: 'The one of another computer',
};

export function groupOfKind({ id, local }: ProviderKindFacts): KindGroup {
  if (local) return 'own';
  return LINES[id] === undefined ? 'hosted' : 'other';
}

/** By what somebody may type to find it. */
export function kindsFound(kinds: readonly ProviderKindFacts[], search: string): ProviderKindFacts[] {
  const words = search.trim().toLowerCase();
  const place = ({ id }: ProviderKindFacts) => {
    const at = FIRST.indexOf(id);
    return at === -1 ? FIRST.length : at;
  };
  return kinds
    .filter(({ id, label }) => `${id} ${label} ${LINES[id] ?? ''}`.toLowerCase().includes(words))
    .sort((a, b) => place(a) - place(b));
}

interface KindTilesProps {
  kinds: readonly ProviderKindFacts[];
  columns: 2 | 3 | 4;
  onChoose: (kind: ProviderKindFacts) => void;
}

/** Kinds of providers to choose from. */
export function KindTiles({ kinds, columns, onChoose }: KindTilesProps) {
  return (
    <div className={classes.grid} data-columns={columns}>
      {kinds.map((kind) => (
        <UnstyledButton key={kind.id} className={classes.kind ?? ''} onClick={() => onChoose(kind)}>
          <Tile name={kind.label} letters={KIND_LETTERS[kind.id]} />
          <span className={classes.words}>
            <b>{kind.label}</b>
            {LINES[kind.id] !== undefined && <span className={classes.line}>{LINES[kind.id]}</span>}
          </span>
        </UnstyledButton>
      ))}
    </div>
  );
}
