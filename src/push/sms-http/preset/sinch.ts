// Sinch: SMS REST API, batches of one message to one device.
import type { CentrePreset } from './preset.ts';

/** Sinch. */
export const sinch: CentrePreset = {
  company: 'Sinch (formerly CLX Communications)',
  sources: [
    {
      title: 'SMS API: Batches; Delivery reports',
      address: 'https://developers.sinch.com/docs/sms/api-reference/sms/batches',
      read: '2026-11-30',
    },
    {
      title: 'SDK for XMS (PHP, Python), tests: binary batch',
      address: 'https://github.com/clxcommunications/sdk-xms-php',
      read: '2026-11-30',
    },
  ],
  account: {
    region: { what: 'region of the service plan, such as eu or us', secret: false },
    servicePlanId: { what: 'service plan', secret: true },
    token: { what: 'API token', secret: true },
  },
  needsSender: true,
  request: {
    url: 'https://{account.region}.sms.api.sinch.com/xms/v1/{account.servicePlanId}/batches',
    headers: { Authorization: 'Bearer {account.token}' },
    json: {
      from: '{from:digits}',
      to: ['{to}'],
      body: '{ud:base64}',
      udh: '{udh}',
      type: 'mt_binary',
      delivery_report: '{reports:per_recipient}',
      expire_at: '{validity:time}',
      callback_url: '{callback}',
    },
  },
  answer: {
    id: '/id',
    refusal: { code: '/code', detail: '/text' },
  },
  receipts: {
    tie: 'token',
    id: '/batch_id',
    number: '/recipient',
    state: '/status',
    error: '/code',
    delivered: ['Delivered'],
    failed: ['Failed', 'Rejected', 'Expired', 'Aborted', 'Cancelled', 'Deleted'],
    underWay: ['Queued', 'Dispatched', 'Unknown'],
  },
  validitySeconds: { shortest: 1, longest: 259_200 },
};
