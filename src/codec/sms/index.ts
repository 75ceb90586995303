// Datagrams over short messages (3GPP TS 23.040): user data header, segmentation, reassembly, data coding.
export { dataCodings, isEightBitData } from './data-coding.ts';
export {
  type DeliverFields,
  encodeDeliver,
  encodeStatusReport,
  encodeSubmit,
  type StatusReportFields,
  type SubmitFields,
  type SubmitValidity,
  withServiceCentre,
} from './encode-tpdu.ts';
export { nearTpdu } from './near-tpdu.ts';
export { Reassembler } from './reassembler.ts';
export {
  type ReassemblerOptions,
  type ReassemblyCounters,
  type ReassemblyDrop,
  type ReassemblyDropReason,
  type ReassemblyResult,
  reassemblerDefaults,
  type SmsPart,
} from './reassembly.ts';
export {
  headerOctets,
  maxParts,
  maxSegmentedDatagram,
  maxUserData,
  type SegmentOptions,
  segmentCount,
  segmentDatagram,
} from './segment.ts';
export { statusText } from './status-report.ts';
export { type DecodeTpduOptions, decodeTpdu, firstIsServiceCentre, type SmsTpdu, tpduForm } from './tpdu.ts';
export {
  type Concatenation,
  decodeUserData,
  encodeUserData,
  type InformationElement,
  type UserData,
  type UserDataHeader,
  type UserDataPorts,
} from './user-data.ts';
