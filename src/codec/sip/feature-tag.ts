// Media feature tags: what a device says it can do and what a request asks for (RFC 3840 §9, RFC 3841 §9.2).
import { FieldReader } from './field-reader.ts';
import { listOf } from './fields.ts';
import type { SipHeader } from './message.ts';
import { readParameters, type SipParameters, unquote } from './parameters.ts';

/**
 * The feature tag that names a push application, in both spellings: `g.oma.eventappid` as the DM specifications print
 * it, and the deployed one (spec-notes ruling 9). As a parameter a tag outside of the base set starts with "+".
 */
export const applicationFeatureTags = Object.freeze({
  specified: '+g.oma.eventappid',
  deployed: '+g.oma.pusheventapp',
});

/** Spelling of the feature tag. */
export type ApplicationFeatureTag = keyof typeof applicationFeatureTags;

/** Value of the feature tag for DM (DM-NOTI-1.3 §7.3, DM-PUSH §5.2). */
export const dmApplicationId = 'syncml.dm';

/** Names under which the tag is read; peers forget the "+". */
const readNames = Object.values(applicationFeatureTags).flatMap((name) => [name, name.slice(1)]);

/**
 * Values of a feature parameter: the elements of a list of tokens, or the one string in angle brackets. A leading "!"
 * (not this one) stays.
 */
export function featureValues(value: string): readonly string[] {
  const plain = unquote(value).trim();
  if (plain.startsWith('<') && plain.endsWith('>')) return [plain.slice(1, -1)];
  return plain
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Application ids of a Contact's or an Accept-Contact's parameters, in lower case; `undefined` when none is named. */
export function applicationIdsOf(parameters: SipParameters): readonly string[] | undefined {
  let ids: string[] | undefined;
  for (const name of readNames) {
    const value = parameters.get(name);
    if (value === undefined || value === null) continue;
    ids ??= [];
    ids.push(...featureValues(value).map((id) => id.toLowerCase()));
  }
  return ids;
}

/**
 * Application ids that the Accept-Contact fields of a request name, in lower case; `undefined` when they name none.
 * @throws {DecodeError} when one cannot be read
 */
export function wantedApplicationIds(message: {
  readonly headers: readonly SipHeader[];
}): readonly string[] | undefined {
  let ids: readonly string[] | undefined;
  for (const element of listOf(message, 'Accept-Contact')) {
    const reader = new FieldReader(element, '9.2');
    reader.expect('*');
    const found = applicationIdsOf(readParameters(reader));
    if (found !== undefined) ids = [...(ids ?? []), ...found];
  }
  return ids;
}
