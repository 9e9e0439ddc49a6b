import type { Trouble } from '../api/use-overview.ts';

/** Stands where the page would be while there is nothing to show. */
export function Unreachable({ trouble }: { trouble: Trouble | null }) {
  if (trouble === null) return <main className="page" aria-busy="true" />;
  return (
    <main className="page narrow">
      {trouble.kind === 'signed-out' ? <SignedOut /> : <NoAnswer message={trouble.message} />}
    </main>
  );
}

function SignedOut() {
  return (
    <>
      <h1>This browser is not signed in</h1>
      <p>
        Only the owner of this computer may see the panel. Run this in a terminal and open the panel address
        that it prints; it works once.
      </p>
      <pre className="command">npm run -s ntl -- status</pre>
    </>
  );
}

function NoAnswer({ message }: { message: string }) {
  return (
    <>
      <h1>No answer from the gateway</h1>
      <p>{message} It is asked again every few seconds.</p>
    </>
  );
}
