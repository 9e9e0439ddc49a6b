import { Tabs } from '@mantine/core';
import type { ConnectBlock, ConnectWay } from '../../../gateway/doors/admin/contract.ts';
import { KEY_PLACEHOLDER } from '../../api/key-placeholder.ts';
import { CopyBlock, CopyButton } from '../../components/copy-button.tsx';
import classes from './ways.module.css';

interface WaysProps {
  ways: readonly ConnectWay[];
  /** Stands where the key goes; null leaves the place marked. */
  secret: string | null;
}

/** The exact lines, in one of several ways to the same end. */
export function Ways({ ways, secret }: WaysProps) {
  const [only] = ways;
  if (ways.length === 1 && only !== undefined) {
    return (
      <section aria-label={only.label} className={classes.way}>
        <h3 className={classes.label}>{only.label}</h3>
        <Blocks blocks={only.blocks} secret={secret} />
      </section>
    );
  }
  return (
    <Tabs defaultValue={only?.id ?? null} keepMounted={false}>
      <Tabs.List>
        {ways.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {ways.map(({ id, blocks }) => (
        <Tabs.Panel key={id} value={id} className={classes.panel ?? ''}>
          <Blocks blocks={blocks} secret={secret} />
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
