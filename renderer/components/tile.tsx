import { initials } from '../format.ts';
import classes from './tile.module.css';

/** Two letters for a provider, a tool or a member; no logos. */
export function Tile({ name, letters, size = 28 }: { name: string; letters?: string; size?: number }) {
  return (
    <span className={classes.tile} style={{ width: size, height: size }} aria-hidden="true">
      {letters ?? initials(name)}
    </span>
  );
}

/** A tile with a name and a line under it: what names a row. */
export function Named({ name, line, mono = false, off = false, letters }: NamedProps) {
  return (
    <span className={classes.named} data-off={off || undefined}>
      <Tile name={name} {...(letters === undefined ? {} : { letters })} />
      <span className={classes.words}>
        <span className={classes.name}>{name}</span>
        {line !== undefined && <span className={mono ? classes.mono : classes.line}>{line}</span>}
      </span>
    </span>
  );
}

interface NamedProps {
  name: string;
  line?: string;
  mono?: boolean;
  off?: boolean;
  letters?: string;
}

/** A short fact, neutral: a model on an allow-list, a kind. */
export function Tag({ children, mono = false }: { children: string; mono?: boolean }) {
  return <span className={mono ? `${classes.tag} ${classes.monoTag}` : classes.tag}>{children}</span>;
}
