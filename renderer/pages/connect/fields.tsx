import { Select } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { ConnectRecipe } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { useModelOptions } from '../../api/model-options.ts';
import classes from './fields.module.css';
import { choiceValue, type KeyChoice, keyOptions } from './key-choice.ts';

interface FieldsProps {
  recipe: ConnectRecipe;
  choice: KeyChoice | null;
  onKey: (value: string) => void;
  onModel: (model: string) => void;
  onSmallModel: (model: string) => void;
}

const MOST_SHOWN = 200;

/** What the lines are filled with. */
export function Fields({ recipe, choice, onKey, onModel, onSmallModel }: FieldsProps) {
  const members = useMembers().data ?? [];
  const keys = useKeys().data ?? [];
  const models = useModelOptions();
  const small = recipe.fields.includes('smallModel');
  return (
    <div className={classes.fields}>
      <Select
        label="Key"
        searchable
        limit={MOST_SHOWN}
        leftSection={<IconKey size={15} stroke={1.5} />}
        data={keyOptions(recipe.id, members, keys)}
        value={choice === null ? null : choiceValue(choice)}
        onChange={(value) => value !== null && onKey(value)}
        comboboxProps={{ width: 320, position: 'bottom-start' }}
      />
      <Select
        label="Model"
        searchable
        limit={MOST_SHOWN}
        data={models}
        value={recipe.model}
        onChange={(value) => value !== null && onModel(value)}
      />
      {small && (
        <Select
          label="Small, fast model"
          searchable
          limit={MOST_SHOWN}
          data={models}
          value={recipe.smallModel}
          onChange={(value) => value !== null && onSmallModel(value)}
        />
      )}
    </div>
  );
}
