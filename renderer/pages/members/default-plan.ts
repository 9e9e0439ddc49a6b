/** The plan a new member has unless told. */
export const DEFAULT_PLAN = 'pro';
