import { tenantBillingRoutes } from '../billing.ts';
import { quotaListRoutes } from '../quota-list.ts';
import { tenantAccountRoutes } from '../tenant/account.ts';
import { tenantKeyRoutes } from '../tenant/keys.ts';
import { tenantUsageRoutes } from '../tenant/usage.ts';

/** Routes that any key opens, for its own member. */
export const KEYED_ROUTES = [
  quotaListRoutes,
  tenantKeyRoutes,
  tenantUsageRoutes,
  tenantAccountRoutes,
  tenantBillingRoutes,
];
