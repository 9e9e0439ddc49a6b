import { Button, Group, Modal, Progress, SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { followDownload, saveFile } from '../../api/save-file.ts';
import { Notice, wordsOf } from '../../components/states.tsx';
import { plural, whole } from '../../format.ts';
import type { AuditQuery } from './audit-query.ts';
import { type ExportFormat, exportName, exportUrl, readExport } from './export-rows.ts';

/** More rows than this are not held in memory: the browser saves them by itself, as they come. */
const MOST_HELD = 200_000;

interface ExportDialogProps {
  query: AuditQuery;
  /** Rows that match. */
  total: number;
  /** More match than were counted. */
  capped: boolean;
  onClose: () => void;
}

type Progressing =
  | { state: 'asked' }
  | { state: 'running'; rows: number }
  | { state: 'saved'; name: string; rows: number }
  | { state: 'handed over'; name: string }
  | { state: 'failed'; words: string };

/** Saves the rows that the filters leave, as one file. */
export function ExportDialog({ query, total, capped, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [progress, setProgress] = useState<Progressing>({ state: 'asked' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const large = capped || total > MOST_HELD;

  async function start() {
    const name = exportName(format);
    if (large) {
      followDownload(exportUrl(query, format), name);
      setProgress({ state: 'handed over', name });
      return;
    }
    running.current = new AbortController();
    const { signal } = running.current;
    setProgress({ state: 'running', rows: 0 });
    let rows = 0;
    try {
      const content = await readExport(query, format, signal, (read) => {
        rows = read;
        setProgress({ state: 'running', rows: read });
      });
      saveFile(content, name);
      setProgress({ state: 'saved', name, rows });
    } catch (error) {
      if (signal.aborted) setProgress({ state: 'asked' });
      else setProgress({ state: 'failed', words: wordsOf(error) });
    }
  }

  const ended = progress.state === 'saved' || progress.state === 'handed over';
  return (
    <Modal
      opened
      onClose={onClose}
      title="Export requests"
      closeOnClickOutside={progress.state !== 'running'}
    >
      <p className="secondary">
        {capped ? `More than ${whole(total)} requests match` : `${plural(total, 'request')} match`} the
        filters. The file holds what the log holds: metadata, never content.
      </p>
      <Group my={14} gap={12}>
        <SegmentedControl
          aria-label="Format"
          data={[
            { value: 'csv', label: 'CSV' },
            { value: 'jsonl', label: 'JSON lines' },
          ]}
          value={format}
          onChange={(value) => setFormat(value as ExportFormat)}
          disabled={progress.state === 'running'}
        />
      </Group>
      <Told progress={progress} total={total} large={large} />
      <Group justify="flex-end" gap={8} mt={20}>
        {progress.state === 'running' ? (
          <Button onClick={() => running.current?.abort()}>Cancel</Button>
        ) : (
          <Button onClick={onClose}>{ended ? 'Done' : 'Close'}</Button>
        )}
        {!ended && (
          <Button
            variant="filled"
            onClick={() => void start()}
            loading={progress.state === 'running'}
            disabled={total === 0}
            data-autofocus
          >
            Export
          </Button>
        )}
      </Group>
    </Modal>
  );
}

function Told({ progress, total, large }: { progress: Progressing; total: number; large: boolean }) {
  switch (progress.state) {
    case 'asked':
      return large ? (
        <p className="muted">So many are saved by the browser itself, whose downloads show how far it is.</p>
      ) : null;
    case 'running':
      return (
        <>
          <Progress value={Math.min(100, (progress.rows / Math.max(1, total)) * 100)} aria-label="Exported" />
          <p className="secondary" role="status">
            {whole(progress.rows)} of {plural(total, 'request')}
          </p>
        </>
      );
    case 'saved':
      return (
        <Notice tone="ok">
          {plural(progress.rows, 'request')} saved as {progress.name}.
        </Notice>
      );
    case 'handed over':
      return <Notice tone="ok">The browser saves them as {progress.name}.</Notice>;
    case 'failed':
      return <Notice tone="bad">{progress.words}</Notice>;
  }
}
