import type { ProviderKindFacts } from '../doors/admin/contract.ts';
import { CliError, usageError } from './failures.ts';
import { readSecret } from './secret.ts';

export interface CredentialOptions {
  /** Given as `--credential X`, which is refused. */
  credential?: string | boolean;
  credentialEnv?: string;
}

const REFUSED =
  'A credential does not go on the command line: the shell keeps it in its history, and every process list shows it. Leave --credential out and type it when asked, pipe it in, or name a variable with --credential-env.';

/**
 * A provider's credential from where nobody else sees it: the variable named by `--credential-env`, a hidden
 * prompt, or standard input. @returns null for none
 * @throws CliError
 */
export async function readCredential(
  options: CredentialOptions,
  { label, credential }: Pick<ProviderKindFacts, 'label' | 'credential'>,
): Promise<string | null> {
  refuseArgument(options);
  if (options.credential === false) return null;
  const enter = credential === 'optional' ? ', or Enter for none' : '';
  const given = await readSecret({
    question: `API key for ${label} (hidden${enter}): `,
    what: `the credential of ${label}`,
    ...{ variable: options.credentialEnv, option: '--credential-env' },
  });
  if (given !== '') return given;
  if (credential === 'optional') return null;
  throw new CliError(
    `No credential came in for ${label}. Pipe it in, or name a variable with --credential-env.`,
  );
}

/** @throws CliError with the usage exit code */
export function refuseArgument({ credential }: CredentialOptions): void {
  if (credential !== undefined && credential !== false) throw usageError(REFUSED);
}
