// Vonage, formerly Nexmo: SMS API.
import type { CentrePreset } from './preset.ts';

/**
 * Its statuses of messages. Retryable are those that say something of its own state or of the account's money, not of the
 * message.
 */
const meanings = {
  0: 'taken',
  1: 'throttled',
  2: 'a parameter is missing',
  3: 'a parameter has a value that it does not take',
  4: 'key or secret are wrong',
  5: 'an error of its own',
  6: 'it could not process the message',
  7: 'the number is barred',
  8: 'the account is barred',
  9: 'the account has no credit left',
  11: 'the account may not use this interface',
  12: 'header and user data are longer than 140 octets',
  13: 'it could not be handed on',
  14: 'the signature does not hold',
  15: 'the sender is not allowed',
  16: 'it does not take this time to live',
  20: 'it does not take this message class',
  23: 'it does not take this callback',
  29: 'the number is not on the list that this account may send to',
  34: 'the number is none',
} as const;

/** Vonage. */
export const vonage: CentrePreset = {
  company: 'Vonage (formerly Nexmo)',
  sources: [
    {
      title: 'SMS API Reference',
      address: 'https://developer.vonage.com/en/api/sms',
      read: '2026-11-30',
    },
    {
      title: 'vonage-node-sdk, test of the package sms: send binary message',
      address: 'https://github.com/Vonage/vonage-node-sdk',
      read: '2026-11-30',
    },
  ],
  account: {
    apiKey: { what: 'API key', secret: true },
    apiSecret: { what: 'API secret', secret: true },
  },
  needsSender: true,
  request: {
    url: 'https://rest.nexmo.com/sms/json',
    form: {
      api_key: '{account.apiKey}',
      api_secret: '{account.apiSecret}',
      from: '{from:digits}',
      to: '{to}',
      type: 'binary',
      body: '{ud}',
      udh: '{udh}',
      ttl: '{validity:milliseconds}',
      'status-report-req': '{reports:1}',
      callback: '{callback}',
    },
  },
  answer: {
    id: '/messages/0/message-id',
    code: '/messages/0/status',
    taken: ['0'],
    retryable: ['5', '13'],
    account: ['4', '8', '9', '11', '14'],
    throttled: ['1'],
    meanings,
    detail: '/messages/0/error-text',
    refusal: { code: '/messages/0/status', detail: '/messages/0/error-text' },
  },
  receipts: {
    tie: 'token',
    id: '/messageId',
    number: '/msisdn',
    state: '/status',
    error: '/err-code',
    delivered: ['delivered'],
    failed: ['expired', 'failed', 'rejected'],
    underWay: ['accepted', 'buffered', 'unknown'],
  },
  validitySeconds: { shortest: 20, longest: 604_800 },
};
