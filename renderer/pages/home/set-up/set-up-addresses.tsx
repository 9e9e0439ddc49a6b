import { useStatus } from '../../../api/lists.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { baseUrls } from '../addresses.ts';
import classes from './set-up-addresses.module.css';

/** Where tools will reach the gateway. */
export function SetUpAddresses() {
  const urls = baseUrls(useStatus().data?.addresses ?? []);
  if (urls.length === 0) return null;
  return (
    <Panel title="Addresses">
      <ul className={classes.list}>
        {urls.map(({ label, url }) => (
          <li key={url} className={classes.address}>
            <div>
              <p className={classes.label}>{label}</p>
              <p className={classes.url}>{url}</p>
            </div>
            <CopyButton text={url} label={`the address, ${label}`} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
