import type { ReactNode } from 'react';
import classes from './page.module.css';

export interface PageProps {
  title: ReactNode;
  /** One sentence under the title. */
  lead?: ReactNode;
  /** Right of the title; at most one of them filled. */
  actions?: ReactNode;
  /** Above the title: where this page lies. */
  above?: ReactNode;
  children: ReactNode;
}

/** A page's head and body. */
export function Page({ title, lead, actions, above, children }: PageProps) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          {above !== undefined && <div className={classes.above}>{above}</div>}
          <h1 className={classes.title} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Filters between head and panels. `aside` says what they leave, on the right. */
export function FilterBar({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className={classes.filters}>
      {children}
      {aside !== undefined && <span className={classes.aside}>{aside}</span>}
    </div>
  );
}
