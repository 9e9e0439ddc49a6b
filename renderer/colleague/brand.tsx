import { Mark } from '../shell/mark.tsx';
import classes from './brand.module.css';

export function Brand() {
  return (
    <div className={classes.brand}>
      <Mark />
      <span>NoTokenLimit</span>
    </div>
  );
}
