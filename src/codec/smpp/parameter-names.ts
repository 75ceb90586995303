// Names of the optional parameters that we only show (SMPP 3.4 §5.3.2, SMPP 5.0 §4.8.4), by their tags.

/** What is known of a parameter without a use here. */
export interface NamedParameter {
  readonly name: string;
  /** Document and section. */
  readonly section: string;
  /** Octets of an integer, or how another value is shown. */
  readonly kind: 1 | 2 | 4 | 'text' | 'octets';
}

type Row = readonly [tag: number, name: string, kind: NamedParameter['kind']];

/** Those of SMPP 3.4, by the number of their section below §5.3.2. */
const ofThree: readonly (readonly [section: number, ...Row])[] = [
  [1, 0x0005, 'destAddrSubunit', 1],
  [2, 0x000d, 'sourceAddrSubunit', 1],
  [3, 0x0006, 'destNetworkType', 1],
  [4, 0x000e, 'sourceNetworkType', 1],
  [5, 0x0007, 'destBearerType', 1],
  [6, 0x000f, 'sourceBearerType', 1],
  [7, 0x0008, 'destTelematicsId', 2],
  [8, 0x0010, 'sourceTelematicsId', 1],
  [9, 0x0017, 'qosTimeToLive', 4],
  [11, 0x001d, 'additionalStatusInfoText', 'text'],
  [13, 0x0030, 'msMsgWaitFacilities', 1],
  [14, 0x0201, 'privacyIndicator', 1],
  [15, 0x0202, 'sourceSubaddress', 'octets'],
  [16, 0x0203, 'destSubaddress', 'octets'],
  [17, 0x0204, 'userMessageReference', 2],
  [18, 0x0205, 'userResponseCode', 1],
  [19, 0x020d, 'languageIndicator', 1],
  [26, 0x1201, 'displayTime', 1],
  [27, 0x1204, 'msValidity', 'octets'],
  [28, 0x0420, 'dpfResult', 1],
  [29, 0x0421, 'setDpf', 1],
  [30, 0x0422, 'msAvailabilityStatus', 1],
  [33, 0x0425, 'deliveryFailureReason', 1],
  [36, 0x0381, 'callbackNum', 'octets'],
  [37, 0x0302, 'callbackNumPresInd', 1],
  [38, 0x0303, 'callbackNumAtag', 'octets'],
  [39, 0x0304, 'numberOfMessages', 1],
  [40, 0x1203, 'smsSignal', 2],
  [41, 0x130c, 'alertOnMessageDelivery', 'octets'],
  [42, 0x1380, 'itsReplyType', 1],
  [43, 0x1383, 'itsSessionInfo', 'octets'],
  [44, 0x0501, 'ussdServiceOp', 1],
];

/** Those that SMPP 5.0 adds. */
const ofFive: readonly Row[] = [
  [0x0428, 'congestionState', 1],
  [0x0600, 'broadcastChannelIndicator', 1],
  [0x0601, 'broadcastContentType', 'octets'],
  [0x0602, 'broadcastContentTypeInfo', 'octets'],
  [0x0603, 'broadcastMessageClass', 1],
  [0x0604, 'broadcastRepNum', 2],
  [0x0605, 'broadcastFrequencyInterval', 'octets'],
  [0x0606, 'broadcastAreaIdentifier', 'octets'],
  [0x0607, 'broadcastErrorStatus', 4],
  [0x0608, 'broadcastAreaSuccess', 1],
  [0x0609, 'broadcastEndTime', 'text'],
  [0x060a, 'broadcastServiceGroup', 'octets'],
  [0x060b, 'billingIdentification', 'octets'],
  [0x060d, 'sourceNetworkId', 'text'],
  [0x060e, 'destNetworkId', 'text'],
  [0x060f, 'sourceNodeId', 'text'],
  [0x0610, 'destNodeId', 'text'],
  [0x0611, 'destAddrNpResolution', 1],
  [0x0612, 'destAddrNpInformation', 'text'],
  [0x0613, 'destAddrNpCountry', 'octets'],
];

const byTag: ReadonlyMap<number, NamedParameter> = new Map<number, NamedParameter>([
  ...ofThree.map(
    ([section, tag, name, kind]) => [tag, { name, kind, section: `SMPP 3.4 §5.3.2.${section}` }] as const,
  ),
  ...ofFive.map(([tag, name, kind]) => [tag, { name, kind, section: 'SMPP 5.0 §4.8.4' }] as const),
]);

/** What is known of a tag; `undefined` for one that neither version has. */
export function namedParameter(tag: number): NamedParameter | undefined {
  return byTag.get(tag);
}
