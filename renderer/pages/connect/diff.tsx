import type { ConnectFile, ConnectLine } from '../../../gateway/doors/admin/contract.ts';
import classes from './diff.module.css';

const MARKS: Readonly<Record<ConnectLine['kind'], string>> = {
  same: ' ',
  added: '+',
  removed: '-',
  gap: ' ',
};

/** What writing does to one file. A mark stands before each line: colour alone says nothing. */
export function FileDiff({ file }: { file: ConnectFile }) {
  const { path, lines, state } = file;
  return (
    <figure className={classes.file} aria-label={path}>
      <figcaption className={classes.head}>
        <span>{path}</span>
        <span className={classes.state}>{stateWords(file)}</span>
      </figcaption>
      {state !== 'stays' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        <pre className={classes.lines} tabIndex={0}>
          {numbered(lines).map(({ at, kind, text }) => (
            <span key={at} className={classes.line} data-kind={kind} data-mark={MARKS[kind]}>
              {kind === 'gap' ? '…' : text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </figure>
  );
}

function numbered(lines: readonly ConnectLine[]) {
  return lines.map((line, at) => ({ ...line, at }));
}

function stateWords({ state, added, removed }: ConnectFile): string {
  if (state === 'stays') return 'Stays as it is';
  if (state === 'goes') return 'Goes away; it was made for this';
  const count = (lines: number) => `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  if (state === 'new') return `New file, ${count(added)}`;
  return removed === 0
    ? `${count(added)} added, nothing removed`
    : `${count(added)} added, ${removed} removed`;
}
