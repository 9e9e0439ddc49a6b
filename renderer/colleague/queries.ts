import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ConnectRecipe, ConnectTool, LimitState } from '../../gateway/doors/admin/contract.ts';
import type { Account, OwnModel, OwnRequest } from '../../gateway/doors/people/contract.ts';
import { getOwn } from './ask.ts';
import { ownSystem } from './system.ts';

/** What is used slides out of the windows by itself; requests add to it. */
const LIVE_MS = 5_000;
const SLOW_MS = 30_000;

/** The first part of every key: one word makes all of it stale. */
export const OWN = 'own';

export function useAccount() {
  return useQuery({
    queryKey: [OWN, 'account'],
    queryFn: ({ signal }) => getOwn<Account>('/me/api/account', {}, signal),
    refetchInterval: LIVE_MS,
  });
}

export function useOwnLimits() {
  return useQuery({
    queryKey: [OWN, 'limits'],
    queryFn: async ({ signal }) => (await getOwn<{ data: LimitState[] }>('/me/api/limits', {}, signal)).data,
    refetchInterval: LIVE_MS,
  });
}

export function useOwnModels() {
  return useQuery({
    queryKey: [OWN, 'models'],
    queryFn: async ({ signal }) => (await getOwn<{ data: OwnModel[] }>('/me/api/models', {}, signal)).data,
    refetchInterval: SLOW_MS,
  });
}

export interface OwnKey {
  id: string;
  name: string;
  kind: 'standard' | 'subscription' | 'pay_per_token';
  prefix: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export function useOwnKeys() {
  return useQuery({
    queryKey: [OWN, 'keys'],
    queryFn: async ({ signal }) => (await getOwn<{ data: OwnKey[] }>('/me/api/tenant/keys', {}, signal)).data,
    refetchInterval: SLOW_MS,
  });
}

export interface OwnDay {
  date: string;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  cost_micros: number;
}

/** Days in UTC, as far back as the plan shows, the newest first. */
export function useOwnDays() {
  return useQuery({
    queryKey: [OWN, 'days'],
    queryFn: async ({ signal }) =>
      (await getOwn<{ data: OwnDay[] }>('/me/api/tenant/usage', {}, signal)).data,
    refetchInterval: SLOW_MS,
  });
}

const RECENT = 12;

export function useOwnRequests() {
  return useQuery({
    queryKey: [OWN, 'requests'],
    queryFn: ({ signal }) =>
      getOwn<{ data: OwnRequest[]; pagination: { total: number } }>(
        '/me/api/requests',
        { pageSize: RECENT },
        signal,
      ),
    refetchInterval: LIVE_MS,
  });
}

export interface PricedPlan {
  id: string;
  name: string;
  price_micros: number;
  requests_per_minute: number | null;
}

/** Plans that can be paid for. */
export function usePlansOnSale(enabled: boolean) {
  return useQuery({
    queryKey: ['pricing'],
    queryFn: async ({ signal }) => (await getOwn<{ data: PricedPlan[] }>('/pricing', {}, signal)).data,
    select: (plans) => plans.filter(({ price_micros: price }) => price > 0),
    enabled,
  });
}

export function useOwnTools() {
  return useQuery({
    queryKey: [OWN, 'tools'],
    queryFn: async ({ signal }) =>
      (await getOwn<{ data: ConnectTool[] }>('/me/api/connect/tools', {}, signal)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The lines for one tool, on this computer, at the address this page was opened at. */
export function useOwnRecipe(tool: string, model: string | null) {
  return useQuery({
    queryKey: [OWN, 'recipe', tool, model],
    queryFn: ({ signal }) => {
      const query = { model, address: window.location.origin, system: ownSystem() };
      return getOwn<ConnectRecipe>(`/me/api/connect/tools/${tool}`, query, signal);
    },
    placeholderData: (before, query) => (query?.queryKey[2] === tool ? keepPreviousData(before) : undefined),
  });
}
