// The memory of processed messages. It stands in the tree, so that one commit holds a message's changes and the mark that
// it was processed; no server sees it (standard-rules.ts).
import { createHash } from 'node:crypto';
import { bytesToHex } from '../../core/index.ts';
import { readAccounts, type TreeReader, type TreeWriter } from '../../tree/index.ts';

/** Messages of one server that are remembered; the oldest is forgotten first. */
export const rememberedMessages = 1024;

/** Servers without an account whose messages are remembered, should they get one again; the longest silent is forgotten first. */
const rememberedGone = 64;

const folder = './Reveille/Messages';

/** True when the server's message with that digest was processed. */
export function wasProcessed(tree: TreeReader, serverId: string, contentDigest: Uint8Array): boolean {
  return digestsOf(tree, serverId).includes(bytesToHex(contentDigest));
}

/** Remembers a message, with whatever else the transaction changes. */
export function rememberProcessed(
  tree: TreeReader & TreeWriter,
  serverId: string,
  contentDigest: Uint8Array,
): void {
  const digests = [...digestsOf(tree, serverId), bytesToHex(contentDigest)].slice(-rememberedMessages);
  tree.set(leafOf(serverId), { value: digests.join(' ') });
  forgetGone(tree);
}

function forgetGone(tree: TreeReader & TreeWriter): void {
  const leaves = [...(tree.node(folder)?.children ?? [])].map(([name, { tstamp }]) => ({
    uri: `${folder}/${name}`,
    tstamp,
  }));
  if (leaves.length <= rememberedGone) return;
  const present = new Set(readAccounts(tree).map((account) => leafOf(account.serverId)));
  const gone = leaves.filter(({ uri }) => !present.has(uri)).sort((a, b) => b.tstamp - a.tstamp);
  for (const { uri } of gone.slice(rememberedGone)) tree.remove(uri);
}

function digestsOf(tree: TreeReader, serverId: string): readonly string[] {
  const value = tree.node(leafOf(serverId))?.value;
  return typeof value === 'string' && value !== '' ? value.split(' ') : [];
}

// A ServerID may hold what a node name cannot.
function leafOf(serverId: string): string {
  return `${folder}/${createHash('sha256').update(serverId).digest('hex').slice(0, 32)}`;
}
