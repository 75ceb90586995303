// Push over short messages that a company takes over HTTP: a template of its request, rules for its answers and receipts, and
// presets of companies whose documents describe binary messages with a user data header (docs/sms-over-http.md).
export { type AnswerRules, type StatusMeaning, statusMeanings } from './answer/answer-rules.ts';
export { CentreError } from './answer/centre-error.ts';
export { type CentreFinding, centreFindings } from './centre-findings.ts';
export { type CentreCounters, createHttpCentre, type HttpCentre } from './http-centre.ts';
export { type HttpCentreOptions, httpCentreDefaults } from './http-centre-options.ts';
export type { CentrePreset, PresetSource } from './preset/preset.ts';
export { type CentrePresetName, centrePresetNames, centrePresets } from './preset/presets.ts';
export type { ProofOptions, SignatureOptions } from './receipt/proof.ts';
export type { ReceiptOptions, ReceiptRules } from './receipt/receipt-rules.ts';
export type { JsonTemplate } from './request/json-template.ts';
export type { RequestTemplate } from './request/request-template.ts';
export { type ShownRequest, shownRequests } from './shown-request.ts';
export { type BodyFormat, bodyFormats } from './value/read-body.ts';
