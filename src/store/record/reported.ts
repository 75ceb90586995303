// What devices report about themselves, kept within bounds.

/** Leaves that are kept of one device; what was reported longest ago gives way. */
export const maxReportedLeaves = 512;

/** `known` with the leaves of `reported` in it, by URI: the newest last, and at most `maxReportedLeaves`. */
export function mergeReported(
  known: Readonly<Record<string, string>>,
  reported: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const merged = new Map(Object.entries(known));
  for (const [uri, value] of Object.entries(reported)) {
    merged.delete(uri);
    merged.set(uri, value);
  }
  return Object.fromEntries([...merged].slice(-maxReportedLeaves));
}
