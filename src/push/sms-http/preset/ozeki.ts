// Ozeki NG SMS Gateway: HTTP SMS API of a gateway that one runs for oneself.
import type { CentrePreset } from './preset.ts';

/** Its binary message, laid out as its document lays it out. */
const message = [
  '<sms>',
  '    <pid>00</pid>',
  '    <dcs>{dataCoding:hex}</dcs>',
  '    <udh>{udh:HEX}</udh>',
  '    <ud>{ud:HEX}</ud>',
  '</sms>',
].join('\r\n');

/** Ozeki. */
export const ozeki: CentrePreset = {
  company: 'Ozeki (Ozeki NG SMS Gateway)',
  sources: [
    {
      title: 'Developers Guide, HTTP SMS API: How to send a binary sms message',
      address: 'https://ozekisms.com/p_2518-how-to-send-a-binary-sms-message.html',
      read: '2026-11-30',
    },
    {
      title: 'Developers Guide, HTTP SMS API: sendmessage method',
      address: 'http://ozekisms.com/index.php?owpn=413&info=http-sms-api/send-message',
      read: '2026-11-30',
    },
  ],
  account: {
    user: { what: 'HTTP user of the gateway', secret: false },
    password: { what: 'password of that user', secret: true },
  },
  needsSender: false,
  ownPlace: 'http://HOST:9501/api',
  request: {
    method: 'GET',
    url: 'http://127.0.0.1:9501/api',
    blank: '+',
    query: {
      action: 'sendmessage',
      username: '{account.user}',
      password: '{account.password}',
      recipient: '{to:given}',
      messagetype: 'SMS:BINARY:XML',
      messagedata: message,
    },
  },
  answer: {
    format: 'xml',
    id: '/response/data/acceptreport/messageid',
    code: '/response/data/acceptreport/statuscode',
    taken: ['0'],
    detail: '/response/data/acceptreport/statusmessage',
  },
};
