import { type ReactNode, useEffect, useRef } from 'react';
import { Brand } from './brand.tsx';
import classes from './card-page.module.css';

interface CardPageProps {
  title: string;
  /** Above the title. */
  icon?: { tone: 'ok' | 'info' | 'bad'; picture: ReactNode };
  lead?: ReactNode;
  children?: ReactNode;
}

/** One narrow column with one thing to do. A new title is told, also to whoever looks at another tab. */
export function CardPage({ title, icon, lead, children }: CardPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} · NoTokenLimit`;
    // What was focused before is gone; at first the browser knows best.
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [title]);
  return (
    <main className={classes.page}>
      <Brand />
      {icon !== undefined && (
        <span className={classes.icon} data-tone={icon.tone} aria-hidden="true">
          {icon.picture}
        </span>
      )}
      <h1 className={classes.title} tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {lead !== undefined && <p className={classes.lead}>{lead}</p>}
      {children}
    </main>
  );
}

/** What stands under a line, with its own small title. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h2 className={classes.partTitle}>{title}</h2>
      {children}
    </section>
  );
}
