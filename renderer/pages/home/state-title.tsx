import { Dot } from '../../components/status.tsx';
import { useGatewayLook } from '../../shell/gateway-state.tsx';
import classes from './state-title.module.css';

/** “Gateway is running”, with its dot. */
export function StateTitle() {
  const { tone, title } = useGatewayLook();
  return (
    <>
      <span className={classes.dot}>
        <Dot tone={tone} />
      </span>
      {title}
    </>
  );
}
