import { Fragment } from 'react';

const MOST = 6;

/** Names in a sentence: a, b and c; beyond a few, how many more. */
export function NameList({ names }: { names: readonly string[] }) {
  const shown = names.length > MOST ? names.slice(0, MOST - 1) : names;
  const more = names.length - shown.length;
  return (
    <>
      {shown.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && (index === shown.length - 1 && more === 0 ? ' and ' : ', ')}
          <code>{name}</code>
        </Fragment>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  );
}
