import { useStatus } from '../../api/lists.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import classes from './address-strip.module.css';
import { baseUrls } from './addresses.ts';

/** Where tools reach the gateway, to copy. */
export function AddressStrip() {
  const { data: status } = useStatus();
  const urls = baseUrls(status?.addresses ?? []);
  if (status !== undefined && urls.length === 0)
    return <p className={classes.none}>The gateway listens nowhere: only this window reaches it.</p>;
  return (
    <ul className={classes.strip} aria-label="Addresses">
      {urls.map(({ label, url }) => (
        <li key={url} className={classes.address}>
          <div className={classes.words}>
            <p className={classes.label}>{label}</p>
            <p className={classes.url}>{url}</p>
          </div>
          <CopyButton text={url} label={`the address, ${label}`} />
        </li>
      ))}
    </ul>
  );
}
