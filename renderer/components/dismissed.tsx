import { CloseButton } from '@mantine/core';

/** Takes a notice away. */
export function Dismissed({ onClick }: { onClick: () => void }) {
  return <CloseButton size="sm" aria-label="Take this notice away" onClick={onClick} />;
}
