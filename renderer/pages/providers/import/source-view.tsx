import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ImportLook, ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import { Failed, Skeletons } from '../../../components/states.tsx';
import { ChooseFile } from './choose-file.tsx';
import { Found } from './found.tsx';
import classes from './import-drawer.module.css';
import { useLook } from './queries.ts';

interface SourceViewProps {
  source: ImportSource;
  onBack: () => void;
  onDone: () => void;
}

/** One source, looked at as soon as it is opened, or once its file is chosen. */
export function SourceView({ source, onBack, onDone }: SourceViewProps) {
  const [wish, setWish] = useState<ImportLook | null>(source.file === 'chosen' ? null : {});
  /** What was chosen last: it may want a second look at one line. */
  const [before, setBefore] = useState<ImportLook>({});
  const look = useLook(source);
  const { mutate } = look;
  function choose(chosen: ImportLook) {
    setBefore(chosen);
    setWish(chosen);
  }
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  useEffect(() => {
    if (wish !== null) mutate(wish);
  }, [wish, mutate]);

  return (
    <div className={classes.step}>
      <div className={classes.body}>
        <div>
          <button type="button" className={classes.back} onClick={onBack}>
            <IconArrowLeft size={14} aria-hidden="true" /> All places
          </button>
          <h3 className={classes.title} ref={title} tabIndex={-1}>
            {source.label}
          </h3>
          <p className={classes.line}>{source.looksAt}</p>
        </div>
        {wish === null && <ChooseFile source={source} before={before} onChosen={choose} />}
        {wish !== null && (look.isPending || look.isIdle) && <Skeletons rows={2} height={96} />}
        {wish !== null && look.isError && (
          <Failed what={source.label} error={look.error} onRetry={() => mutate(wish)} />
        )}
        {wish !== null && look.data !== undefined && (
          <Found source={source} wish={wish} looked={look.data} onAgain={() => mutate(wish)} />
        )}
      </div>
      <footer className={classes.footer}>
        <span className={classes.line}>
          Each goes into the vault when you take it over. Files stay as they are.
        </span>
        {wish !== null && source.file === 'chosen' && (
          <Button onClick={() => setWish(null)}>Change the text…</Button>
        )}
        <Button variant={wish === null ? 'default' : 'filled'} onClick={onDone}>
          Done
        </Button>
      </footer>
    </div>
  );
}
