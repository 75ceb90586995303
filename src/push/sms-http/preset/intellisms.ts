// IntelliSMS of IntelliSoftware: HTTP interface. It has no validity, and one address for receipts, which is set in its pages.
import type { CentrePreset } from './preset.ts';

const meanings = {
  LOGIN_INVALID: 'access key or secret key are wrong',
  AUTH_PARAMETER_MISSING: 'access key or secret key are missing',
  AUTH_PARAMETER_INVALID: 'access key or secret key are wrong',
  CONNECTION_NOT_SECURE: 'it takes HTTPS alone',
  INSUFFICIENT_CREDIT: 'the account has no credit left',
  DAILY_ALLOWANCE_EXCEEDED: 'the account has sent its share of the day',
  INVALID_NUMBER: 'there is no route to the number',
  INVALID_REQUEST: 'it does not understand the request',
  NO_TO: 'the number is missing',
  PARAMETER_MISSING: 'the user data is missing',
  PARAMETER_INVALID: 'header or user data cannot be read',
  GATEWAY_ERROR: 'an error of its own',
  INTERNAL_ERROR: 'an error of its own',
} as const;

/** IntelliSMS. */
export const intellisms: CentrePreset = {
  company: 'IntelliSoftware (IntelliSMS)',
  sources: [
    {
      title: 'HTTP Interface: Send Binary Message',
      address: 'https://intellisms.co.uk/sms-gateway/http-interface/send-binary',
      read: '2026-11-30',
    },
    {
      title: 'HTTP Interface: Message Status Report',
      address: 'http://www.intellisoftware.co.uk/sms-gateway/http-interface/msgstatusrpt/',
      read: '2026-11-30',
    },
  ],
  account: {
    accessKey: { what: 'access key', secret: true },
    secretKey: { what: 'secret key', secret: true },
  },
  needsSender: false,
  request: {
    url: 'https://www.intellisoftware.co.uk/api/https/sendmsg.aspx',
    form: {
      accesskey: '{account.accessKey}',
      secretkey: '{account.secretKey}',
      to: '{to}',
      type: '3',
      udh: '{udh:HEX}',
      ud: '{ud:HEX}',
      from: '{from:digits}',
    },
  },
  answer: {
    format: 'lines',
    id: '/ID',
    code: '/ERR',
    retryable: ['GATEWAY_ERROR', 'INTERNAL_ERROR'],
    account: [
      'LOGIN_INVALID',
      'AUTH_PARAMETER_MISSING',
      'AUTH_PARAMETER_INVALID',
      'CONNECTION_NOT_SECURE',
      'INSUFFICIENT_CREDIT',
      'DAILY_ALLOWANCE_EXCEEDED',
    ],
    meanings,
  },
  receipts: {
    tie: 'id',
    id: '/msgid',
    number: '/toaddr',
    state: '/status',
    // 4 delivered; 5 error with the request, 6 not deliverable, 7 routing error, 8 expired; the others say that it is on its way.
    delivered: ['4'],
    failed: ['5', '6', '7', '8'],
    underWay: ['0', '1', '2', '3'],
  },
};
