/**
 * What the admin API takes and gives: schemas and their types, for the routes, the control panel and
 * `/admin/api/openapi.json`. Nothing here needs Node, so that the panel's forms check by the same rules.
 */
export * from './contract/accounts.ts';
export * from './contract/alert-webhook.ts';
export * from './contract/audit.ts';
export * from './contract/billing.ts';
export * from './contract/common.ts';
export * from './contract/connect.ts';
export * from './contract/connect-findings.ts';
export * from './contract/desktop.ts';
export * from './contract/imports.ts';
export * from './contract/joining.ts';
export * from './contract/limits.ts';
export * from './contract/local-runtimes.ts';
export * from './contract/logs.ts';
export * from './contract/models.ts';
export * from './contract/overview.ts';
export * from './contract/owner-access.ts';
export * from './contract/playground.ts';
export * from './contract/presets.ts';
export * from './contract/providers.ts';
export * from './contract/quotas.ts';
export * from './contract/sessions.ts';
export * from './contract/sharing.ts';
export * from './contract/storage.ts';
export * from './contract/system.ts';
export * from './contract/tunnel.ts';
