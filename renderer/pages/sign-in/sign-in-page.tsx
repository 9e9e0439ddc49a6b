import { useQuery } from '@tanstack/react-query';
import { HereSignIn } from './here-sign-in.tsx';
import { NetworkSignIn } from './network-sign-in.tsx';
import { signInWays } from './sign-in.ts';

/** For a browser that is not signed in: on this computer by a link or the token, elsewhere by password or passkey. */
export function SignInPage() {
  const { data: ways, error } = useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => signInWays(signal),
  });
  if (ways === undefined && error === null) return null;
  return ways?.network === true ? <NetworkSignIn ways={ways} /> : <HereSignIn />;
}
