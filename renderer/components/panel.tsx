import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  title?: ReactNode;
  /** Beside the title: a count or a word. */
  note?: ReactNode;
  /** Right in the head: a link, a button, a word. */
  aside?: ReactNode;
  /** Without inset where a table or rows fill it. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A surface with a hairline around it. Never one in another. */
export function Panel({ title, note, aside, flush = false, className = '', children }: PanelProps) {
  const id = useId();
  const named = title === undefined ? {} : { 'aria-labelledby': id };
  return (
    <section className={`${classes.panel} ${className}`} {...named}>
      {title !== undefined && (
        <header className={classes.head}>
          <h2 className={classes.title} id={id}>
            {title}
          </h2>
          {note !== undefined && <span className={classes.note}>{note}</span>}
          {aside !== undefined && <span className={classes.aside}>{aside}</span>}
        </header>
      )}
      <div className={flush ? classes.flush : classes.body} data-headed={title !== undefined || undefined}>
        {children}
      </div>
    </section>
  );
}
