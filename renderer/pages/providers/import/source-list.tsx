import { Button } from '@mantine/core';
import type { ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import { Tile } from '../../../components/tile.tsx';
import classes from './import-drawer.module.css';

interface SourceListProps {
  sources: readonly ImportSource[];
  onOpen: (source: ImportSource) => void;
}

/** What is here stands first, then files that somebody has to choose; the rest is named, so that nobody looks for it. */
export function SourceList({ sources, onOpen }: SourceListProps) {
  const here = sources.filter(({ file, isThere }) => file !== 'chosen' && isThere);
  const chosen = sources.filter(({ file }) => file === 'chosen');
  const absent = sources.filter(({ file, isThere }) => file !== 'chosen' && !isThere);
  return (
    <>
      <Group
        title="On this computer"
        sources={here}
        onOpen={onOpen}
        none="None of the tools known here is set up on this computer."
      />
      <Group title="In a file you choose" sources={chosen} onOpen={onOpen} />
      {absent.length > 0 && (
        <p className={classes.absent}>Not found here: {absent.map(({ label }) => label).join(', ')}.</p>
      )}
    </>
  );
}

function Group({ title, sources, onOpen, none }: SourceListProps & { title: string; none?: string }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.group}>{title}</h3>
      {sources.length === 0 ? (
        <p className="secondary">{none}</p>
      ) : (
        <div className={classes.list}>
          {sources.map((source) => (
            <div key={source.id} className={classes.row}>
              <Tile name={source.label} letters={LETTERS[source.id]} size={32} />
              <span className={classes.words}>
                <b>{source.label}</b>
                <span className={classes.line}>{source.files.join(', ') || source.looksAt}</span>
              </span>
              <Button
                aria-label={`${source.file === 'chosen' ? 'Choose' : 'Look at'} ${source.label}`}
                onClick={() => onOpen(source)}
              >
                {source.file === 'chosen' ? 'Choose…' : 'Look'}
              </Button>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

export const LETTERS: Readonly<Record<ImportSource['id'], string>> = {
  environment: '$',
  'env-file': '.e',
  'claude-code': 'CC',
  codex: 'Cx',
  continue: 'Co',
  litellm: 'LL',
  'claude-code-router': 'CR',
};
