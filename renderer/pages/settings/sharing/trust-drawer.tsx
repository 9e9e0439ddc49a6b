import { Anchor, Drawer } from '@mantine/core';
import { saveFile } from '../../../api/save-file.ts';
import { CopyBlock } from '../../../components/copy-button.tsx';
import { Failed, Skeletons } from '../../../components/states.tsx';
import classes from './drawers.module.css';
import { useTrust } from './queries.ts';

/** What colleagues do so that their tools trust the gateway. */
export function TrustDrawer({ fingerprint, onClose }: { fingerprint: string; onClose: () => void }) {
  const { data, error, refetch } = useTrust();
  const file = data?.certificate ?? null;
  return (
    <Drawer opened onClose={onClose} title="How colleagues trust it">
      <div className={classes.body}>
        <p className="secondary">
          The same stands at <code>/ca</code> of each shared address.{' '}
          {file !== null && (
            <Anchor component="button" type="button" onClick={() => save(file)}>
              Save the certificate
            </Anchor>
          )}
        </p>
        <CopyBlock text={fingerprint} title="Fingerprint (SHA-256)" label="the fingerprint" />
        {data === undefined && error === null && <Skeletons rows={6} height={52} />}
        {data === undefined && error !== null && (
          <Failed what="The steps" error={error} onRetry={() => void refetch()} />
        )}
        {data?.data.map(({ title, note, commands }) => (
          <section key={title} className={classes.part}>
            <h3 className={classes.title}>{title}</h3>
            <p className="secondary">{note}</p>
            {commands.map((command) => (
              <CopyBlock key={command} text={command} label={`a line for ${title}`} />
            ))}
          </section>
        ))}
      </div>
    </Drawer>
  );
}

function save(certificate: string): void {
  saveFile(new Blob([certificate], { type: 'application/x-pem-file' }), 'notokenlimit-ca.crt');
}
