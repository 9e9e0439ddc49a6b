/**
 * The first part of a query's key says what makes it stale: `config` is what the owner sets, `figures` are sums
 * that follow requests, `alerts` are alerts, `audit` is read by the audit page alone, `status` is the gateway.
 */
export const CONFIG = 'config';
export const FIGURES = 'figures';
export const ALERTS = 'alerts';
export const AUDIT = 'audit';
export const STATUS = 'status';
