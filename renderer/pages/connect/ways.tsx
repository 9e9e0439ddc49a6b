import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConnectBlock, ConnectWay } from '../../../gateway/doors/admin/contract.ts';
import { KEY_PLACEHOLDER } from '../../api/key-placeholder.ts';
import { CopyBlock, CopyButton } from '../../components/copy-button.tsx';
import classes from './ways.module.css';

/** A way that is more than lines to copy. */
export interface ActiveWay {
  id: string;
  label: string;
  content: ReactNode;
}

interface WaysProps {
  ways: readonly ConnectWay[];
  /** Stands before the others. */
  first?: ActiveWay | null;
  /** Stands after them. */
  last?: ActiveWay | null;
  /** Which is open, where the page around it has to know; else the first, and whichever is clicked. */
  open?: { way: string | null; onChange: (way: string | null) => void };
  /** Stands where the key goes; null leaves the place marked. */
  secret: string | null;
}

/** The same end in one of several ways: by itself, or by the exact lines. */
export function Ways({ ways, first = null, last = null, open, secret }: WaysProps) {
  const [only] = ways;
  if (first === null && last === null && ways.length === 1 && only !== undefined) {
    return (
      <section aria-label={only.label} className={classes.way}>
        <h3 className={classes.label}>{only.label}</h3>
        <Blocks blocks={only.blocks} secret={secret} />
      </section>
    );
  }
  const byLines = ways.map(({ id, label, blocks }) => ({
    ...{ id, label },
    content: <Blocks blocks={blocks} secret={secret} />,
  }));
  const all: ActiveWay[] = [first, ...byLines, last].filter((way) => way !== null);
  return (
    <Tabs
      {...(open === undefined
        ? { defaultValue: all[0]?.id ?? null }
        : { value: open.way, onChange: open.onChange })}
      keepMounted={false}
    >
      <Tabs.List>
        {all.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {all.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id} className={classes.panel ?? ''}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Blocks({ blocks, secret }: { blocks: readonly ConnectBlock[]; secret: string | null }) {
  return (
    <div className={classes.blocks}>
      {grouped(blocks).map((group) => {
        const [first] = group;
        if (first === undefined) return null;
        if (first.language === 'field')
          return <FormValues key={first.title} values={group} secret={secret} />;
        const text = filled(first.text, secret);
        return (
          <CopyBlock
            key={`${first.title} ${first.language}`}
            title={first.title}
            text={text}
            label={first.title}
          />
        );
      })}
    </div>
  );
}

/** Values for a form stand together; everything else by itself. */
function grouped(blocks: readonly ConnectBlock[]): ConnectBlock[][] {
  const groups: ConnectBlock[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.language === 'field' && last?.[0]?.language === 'field') last.push(block);
    else groups.push([block]);
  }
  return groups;
}

function FormValues({ values, secret }: { values: readonly ConnectBlock[]; secret: string | null }) {
  return (
    <dl className={classes.values}>
      {values.map(({ title, text }) => (
        <div key={title} className={classes.value}>
          <dt className={classes.name}>{title}</dt>
          <dd className={classes.text}>
            <span className={classes.shown}>{filled(text, secret)}</span>
            <CopyButton text={filled(text, secret)} label={title} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function filled(text: string, secret: string | null): string {
  return secret === null ? text : text.replaceAll(KEY_PLACEHOLDER, secret);
}
