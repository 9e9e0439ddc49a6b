/** The environment for what builds and installs: other people's code, which has no use for the vault's passphrase. */
export function environmentForTools(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { NTL_VAULT_PASSPHRASE: _, ...rest } = environment;
  return rest;
}
