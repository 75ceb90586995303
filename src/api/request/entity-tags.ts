// Entity tags (RFC 9110 §8.8.3): which version of a device or account a caller has read, and what a change depends on.
import { Type } from 'typebox';
import { type RecordVersion, versionOf } from '../../store/index.ts';

/** Headers of a route that changes what others may change too. */
export const ConditionHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description:
        'The change is made only while the ETag is one of these; else 412. `*`: while there is any',
    }),
  ),
});

/** The same of a route that may also create. */
export const PutHeaders = Type.Object({
  ...ConditionHeaders.properties,
  'if-none-match': Type.Optional(Type.String({ description: '`*`: only while there is none yet; else 412' })),
});

/** The tag of a record as it is. */
export function entityTag(record: { readonly createdAt: number; readonly revision?: number }): string {
  const { createdAt, revision } = versionOf(record);
  return `"${createdAt.toString(36)}.${revision.toString(36)}"`;
}

/** A version that no record has: what a tag means that is none of ours. */
const never: RecordVersion = { createdAt: -1, revision: -1 };

/** Versions that an If-Match header names; absent without one, `any` for `*`. */
export function expectedVersions(header: string | undefined): readonly RecordVersion[] | 'any' | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  // If-Match compares strongly, so that a weak tag is like none (§8.8.3.2).
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  const versions = tags.map((tag): RecordVersion => {
    const parts = /^"([0-9a-z]{1,11})\.([0-9a-z]{1,11})"$/.exec(tag);
    if (parts === null) return never;
    return {
      createdAt: Number.parseInt(parts[1] ?? '', 36),
      revision: Number.parseInt(parts[2] ?? '', 36),
    };
  });
  return versions.length === 0 ? [never] : versions;
}

/** The same for a route that finds out itself whether there is anything. */
export function versionsOf(header: string | undefined): readonly RecordVersion[] | undefined {
  const expected = expectedVersions(header);
  return expected === 'any' ? undefined : expected;
}
