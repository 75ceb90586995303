// Octets explained: what people paste or capture, taken apart layer by layer to Package #0 or a document. Loads in a browser.
export { isCapture } from './capture/capture-file.ts';
export type { CapturedSecrets, CaptureTime } from './capture/packet.ts';
export * from './capture/write-capture.ts';
export type { WrittenEnd, WrittenRoute } from './capture/write-headers.ts';
export * from './captured/capture-reader.ts';
export * from './captured/explain-captured.ts';
export type { CaptureSink } from './captured/found-messages.ts';
export { type CapturedFrame, frameMessage } from './captured/frame-message.ts';
export { writeInspected } from './captured/inspect-json.ts';
export * from './explain/compare-findings.ts';
export * from './explain/dm-message.ts';
export * from './explain/explain-octets.ts';
export * from './explain/explanation.ts';
export { JsonOctets } from './explain/json-octets.ts';
export type { FieldObject, LayerObject } from './explain/layer-objects.ts';
export { layerObjects } from './explain/layer-objects.ts';
export * from './explain/lint-octets.ts';
export { findingsOf } from './explain/pasted-findings.ts';
export * from './explain/take-apart.ts';
export type { CompactField, CompactLayer } from './explain/write-layers.ts';
export {
  type Findings,
  type FoundLayer,
  type FoundLayerName,
  foundLayerNames,
  type LayerName,
  layerNames,
  noFindings,
  type Payload,
  type Span,
  type TakeApartOptions,
  type UnprotectedRecord,
} from './layers/findings.ts';
export { isNumberList } from './paste-forms/number-list.ts';
export { PasteError } from './paste-forms/paste-error.ts';
export { isHexDump } from './pasted/hex-dump.ts';
export { type HexLineRules, HexLines, isHexLine, type PastedMessage } from './pasted/hex-lines.ts';
export { type InputForm, inputForms } from './pasted/input-forms.ts';
export { isModemLine } from './pasted/modem-line.ts';
export { formOf, formOfText, readPasted } from './pasted/read-pasted.ts';
export { type TlsKeyLabel, TlsKeyLog, type TlsKeyLogFault } from './secret/tls-key-log.ts';
export { isSecretName, isSecretNode, wordsOf } from './sensitive/secret-names.ts';
export type { SecretPlace } from './sensitive/secret-place.ts';
export { secretsInText } from './sensitive/secrets-in-text.ts';
export {
  type CapturedEnd,
  type CapturedForm,
  type CapturedMessage,
  type CapturedProtocol,
  capturedProtocols,
  type StreamLayer,
} from './streams/captured-message.ts';
