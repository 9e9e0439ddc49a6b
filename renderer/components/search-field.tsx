import { Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useShortcut } from '../shell/shortcuts.tsx';

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  placeholder: string;
  width?: number | string;
  /** `/` comes here. One a page. */
  shortcut?: boolean;
  /** The drawer it stands in opens with the cursor here. */
  autoFocus?: boolean;
}

/** Narrows a list as one types. */
export function SearchField({
  value,
  onChange,
  placeholder,
  width = 212,
  shortcut = true,
  autoFocus = false,
}: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useShortcut('/', placeholder, () => field.current?.focus(), shortcut);
  return (
    <TextInput
      ref={field}
      type="search"
      data-autofocus={autoFocus || undefined}
      aria-label={placeholder}
      placeholder={placeholder}
      w={width}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      leftSection={<IconSearch size={15} stroke={1.5} />}
      {...(shortcut ? { rightSection: <Kbd size="xs">/</Kbd> } : {})}
    />
  );
}
