// Which fields a change names, in words for the audit log: names alone, for values may be secrets.

/** Characters of the words at most. */
const longest = 512;

/** Names of the fields of a change, those of objects with the names in them: `family, labels.region, serverCredentials.secret`. */
export function givenFields(change: object): string {
  const names: string[] = [];
  for (const [name, value] of Object.entries(change)) {
    const inner =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    if (inner.length === 0) names.push(name);
    else names.push(...inner.map((each) => `${name}.${each}`));
  }
  if (names.length === 0) return 'no field';
  const words = names.join(', ');
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}
