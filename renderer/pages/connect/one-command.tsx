import type { ConnectSetup } from '../../../gateway/doors/admin/contract.ts';
import { CopyBlock } from '../../components/copy-button.tsx';
import classes from './set-up.module.css';

/** The same from a terminal, as `ntl` is called on this install. */
export function OneCommand({ command: { blocks, note } }: Pick<ConnectSetup, 'command'>) {
  return (
    <div className={classes.setUp}>
      {blocks.map(({ title, text }) => (
        <CopyBlock key={title} title={title} text={text} label={title} />
      ))}
      <p className={classes.after}>{note}</p>
    </div>
  );
}
