// SMSEagle: the HTTP GET interface of a gateway with modems of its own, that one runs for oneself.
import type { CentrePreset } from './preset.ts';

/** SMSEagle. */
export const smseagle: CentrePreset = {
  company: 'Proximus (SMSEagle)',
  sources: [
    {
      title: "SMSEagle NXS-9700 User's Manual, API: 9. Send binary SMS: HTTP GET method (p. 100)",
      address: 'https://manualshive.com/ru/manual/smseagle/nxs-9700-3g/1306920?page=100',
      read: '2026-11-30',
    },
  ],
  account: {
    accessToken: { what: 'access token', secret: true },
  },
  needsSender: false,
  ownPlace: 'https://HOST/http_api/send_binary_sms',
  request: {
    method: 'GET',
    url: 'https://url-of-smseagle/http_api/send_binary_sms',
    query: {
      access_token: '{account.accessToken}',
      to: '{to:given}',
      udh: '{udh:HEX}',
      data: '{ud:HEX}',
    },
  },
  // `OK; ID=297`, or one line that says what is wrong.
  answer: {
    format: 'lines',
    separator: '; ID=',
    id: '/OK',
    code: '/',
    account: ['Invalid login or password', 'Invalid access token'],
  },
};
