import envPaths from 'env-paths';

/** Where data lives unless `--data-dir` or `NTL_DATA_DIR` says otherwise; the same for the desktop and `ntl`. */
export function defaultDataDir(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.NTL_DATA_DIR || envPaths('notokenlimit-desktop', { suffix: '' }).data;
}
