/** npm runs its scripts in the package's folder and tells where it was called itself (`npm help run`). */
export function folderOfCall({ npm_lifecycle_event: script, INIT_CWD: called }: NodeJS.ProcessEnv): string {
  return script === 'ntl' && called ? called : process.cwd();
}
