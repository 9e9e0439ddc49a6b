import { whoAnswers } from '../../connect/doctor/call.ts';
import type { GatewayView, KeyOutlook } from '../../connect/doctor/gateway-view.ts';
import type { Sharing, Status, TrustSteps, Tunnel } from '../../doors/admin/contract.ts';
import type { AdminClient } from '../admin-client.ts';

/** The running gateway as the doctor asks it, by its admin API. */
export async function viewOf(admin: AdminClient, status: Status, sharing: Sharing): Promise<GatewayView> {
  const { certificate: authority } = await admin.get<TrustSteps>('/sharing/trust');
  const { url: tunnel } = await admin.get<Tunnel>('/tunnel');
  const answering = await whoAnswers(admin.url);
  const hosts = sharing.on ? (sharing.certificate?.hosts ?? []) : [];
  return {
    addresses: status.addresses,
    sharedUrls: [
      ...sharing.urls,
      ...hosts.map((host) => `https://${host.includes(':') ? `[${host}]` : host}:${sharing.port}`),
      ...(tunnel === null ? [] : [tunnel]),
    ],
    authority,
    instance: answering.kind === 'gateway' ? answering.instance : '',
    outlook: (keyHash, models) => admin.post<KeyOutlook>('/connect/outlook', { keyHash, models }),
  };
}
