// WSP connectionless push (WAP-230-WSP §8.2.4.1): build, parse, and the filter for pushes that are meant for DM.
export {
  applicationIdNames,
  charsetNames,
  contentTypeNames,
  dmApplicationId,
  numberOf,
  pduTypeNames,
  pduTypes,
  secNames,
} from './assigned-numbers.ts';
export {
  classifyPush,
  type DmContentKind,
  dmContentKind,
  isProvisioningKind,
  type PushClass,
  type PushRejection,
} from './classify-push.ts';
export type { ContentTypeInput, WspContentType } from './content-type.ts';
export { type DecodePushOptions, decodePush, type WspPush } from './decode-push.ts';
export {
  encodePackage0Push,
  encodePush,
  type PushInput,
  package0HeaderBudget,
  package0HeaderLimit,
  portsHeaderOctets,
} from './encode-push.ts';
export type { WspHeader } from './headers.ts';
export type { WspValue } from './value.ts';
