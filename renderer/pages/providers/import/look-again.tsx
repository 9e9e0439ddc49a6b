import { Anchor } from '@mantine/core';

/** From within a notice. */
export function LookAgain({ onClick }: { onClick: () => void }) {
  return (
    <Anchor component="button" type="button" onClick={onClick}>
      Look again
    </Anchor>
  );
}
