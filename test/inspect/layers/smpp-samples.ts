// PDUs written octet by octet from the tables of SMPP 3.4 §4 and SMPP 5.0 §4, with what stands in each of their fields.

/** A PDU, field by field behind its header. */
export interface SmppSample {
  readonly command: string;
  readonly id: number;
  readonly status?: number;
  /** Octets of each field in hex, our name of it, the value shown, and the last part of its section. */
  readonly fields: readonly (readonly [hex: string, field: string, value: string, section: string])[];
}

const message = ['6162632d3100', 'messageId', 'abc-1', '5.2.23'] as const;
const service = ['57415000', 'serviceType', 'WAP', '5.2.11'] as const;
const source = [
  ['01', 'sourceTon', '0x01', '5.2.5'],
  ['01', 'sourceNpi', '0x01', '5.2.6'],
  ['3439383900', 'sourceAddress', '4989', '5.2.8'],
] as const;
const schedule = ['00', 'scheduleDeliveryTime', '', '5.2.15'] as const;
const validity = [
  '30303030303130303030303030303052' + '00',
  'validityPeriod',
  '000001000000000R',
  '5.2.16',
] as const;
const defaultMessage = ['00', 'smDefaultMessageId', '0x00', '5.2.20'] as const;
const five = 'SMPP 5.0 §4.8.4';

/** Commands that a push does not need. */
export const smppSamples: readonly SmppSample[] = [
  {
    command: 'outbind',
    id: 0x0b,
    fields: [
      ['736d736300', 'systemId', 'smsc', '5.2.1'],
      ['68756e74657200', 'password', '(not shown)', '5.2.2'],
    ],
  },
  { command: 'query_sm', id: 3, fields: [message, ...source] },
  {
    command: 'query_sm_resp',
    id: 0x80000003,
    fields: [
      message,
      ['32363132303131323030303030303030' + '00', 'finalDate', '2612011200000000', '7.1.1'],
      ['05', 'messageState', '5 UNDELIVERABLE', '5.2.28'],
      ['21', 'errorCode', '0x21', '4.8.2'],
    ],
  },
  {
    command: 'replace_sm',
    id: 7,
    fields: [
      message,
      ...source,
      schedule,
      validity,
      ['01', 'registeredDelivery', '0x01', '5.2.17'],
      defaultMessage,
      ['026869', 'shortMessage', '6869', '5.2.22'],
    ],
  },
  { command: 'replace_sm_resp', id: 0x80000007, fields: [] },
  {
    command: 'cancel_sm',
    id: 8,
    fields: [
      service,
      message,
      ...source,
      ['02', 'destinationTon', '0x02', '5.2.5'],
      ['08', 'destinationNpi', '0x08', '5.2.6'],
      ['343931353100', 'destinationAddress', '49151', '5.2.9'],
    ],
  },
  { command: 'cancel_sm_resp', id: 0x80000008, fields: [] },
  {
    command: 'alert_notification',
    id: 0x102,
    fields: [
      ...source,
      ['02', 'esmeTon', '0x02', '5.2.5'],
      ['09', 'esmeNpi', '0x09', '5.2.6'],
      ['3737373700', 'esmeAddress', '7777', '5.2.10'],
      ['0422000101', 'msAvailabilityStatus', '1', '5.3.2.30'],
    ],
  },
  {
    command: 'data_sm',
    id: 0x103,
    fields: [
      service,
      ...source,
      ['02', 'destinationTon', '0x02', '5.2.5'],
      ['08', 'destinationNpi', '0x08', '5.2.6'],
      ['343931353100', 'destinationAddress', '49151', '5.2.9'],
      ['00', 'esmClass', '0x00', '5.2.12'],
      ['00', 'registeredDelivery', '0x00', '5.2.17'],
      ['04', 'dataCoding', '0x04', '5.2.19'],
      ['0005000103', 'destAddrSubunit', '3', '5.3.2.1'],
      ['0008000201f4', 'destTelematicsId', '500', '5.3.2.7'],
      ['001700040000012c', 'qosTimeToLive', '300', '5.3.2.9'],
      ['0202000580343536ff', 'sourceSubaddress', '80343536ff', '5.3.2.15'],
      ['020400021234', 'userMessageReference', '4660', '5.3.2.17'],
      ['0424000468692100', 'messagePayload', '68692100', '5.3.2.32'],
      ['1400000142', 'parameter 0x1400', '42', '5.3.2'],
    ],
  },
  {
    command: 'data_sm_resp',
    id: 0x80000103,
    fields: [
      message,
      ['0425000101', 'deliveryFailureReason', '1', '5.3.2.33'],
      ['0423000303000c', 'networkErrorCode', '03000c', '5.3.2.31'],
      ['001d00056e6f706500', 'additionalStatusInfoText', 'nope', '5.3.2.11'],
    ],
  },
  {
    command: 'broadcast_sm',
    id: 0x111,
    fields: [
      ['434d5400', 'serviceType', 'CMT', '5.2.11'],
      ...source,
      ['00', 'messageId', '', '5.2.23'],
      ['01', 'priorityFlag', '0x01', '5.2.14'],
      schedule,
      validity,
      ['00', 'replaceIfPresentFlag', '0x00', '5.2.18'],
      ['00', 'dataCoding', '0x00', '5.2.19'],
      defaultMessage,
      ['06060007004265726c696e', 'broadcastAreaIdentifier', '004265726c696e', five],
      ['06010003010002', 'broadcastContentType', '010002', five],
      ['060400020005', 'broadcastRepNum', '5', five],
      ['06050003090001', 'broadcastFrequencyInterval', '090001', five],
      ['0600000101', 'broadcastChannelIndicator', '1', five],
      ['042400026869', 'messagePayload', '6869', '5.3.2.32'],
    ],
  },
  {
    command: 'broadcast_sm_resp',
    id: 0x80000111,
    fields: [message, ['0607000400000109', 'broadcastErrorStatus', '265', five]],
  },
  {
    command: 'query_broadcast_sm',
    id: 0x112,
    fields: [message, ...source, ['020400020007', 'userMessageReference', '7', '5.3.2.17']],
  },
  {
    command: 'query_broadcast_sm_resp',
    id: 0x80000112,
    fields: [
      message,
      ['0427000102', 'messageState', '2', '5.3.2.35'],
      ['06060007004265726c696e', 'broadcastAreaIdentifier', '004265726c696e', five],
      ['0608000164', 'broadcastAreaSuccess', '100', five],
    ],
  },
  {
    command: 'cancel_broadcast_sm',
    id: 0x113,
    fields: [service, message, ...source, ['06010003010002', 'broadcastContentType', '010002', five]],
  },
  { command: 'cancel_broadcast_sm_resp', id: 0x80000113, fields: [] },
];

/** Octets of a sample, in hex. */
export function smppHex({ id, status = 0, fields }: SmppSample, sequence = 7): string {
  const body = fields.map(([hex]) => hex).join('');
  const word = (value: number): string => value.toString(16).padStart(8, '0');
  return word(16 + body.length / 2) + word(id) + word(status) + word(sequence) + body;
}
