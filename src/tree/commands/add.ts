// Add: a new leaf, a new interior node, or a whole subtree as TNDS (DM-RepPro-1.2 §6.6.1).

import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { limitsOf, parseTreeUri } from '../node/uri.ts';
import { interiorType, readLeafValue, readType } from '../node/value.ts';
import { addTnds, readDocument } from '../tnds/tnds-in.ts';
import { carriesTnds, type ValueCommand } from '../workspace/command.ts';
import { createNode, type NewNode } from '../workspace/create.ts';
import { checkRoom, type Workspace } from '../workspace/workspace.ts';
import { addToInbox } from './inbox.ts';

/** Carries an Add out. */
export function add(workspace: Workspace, serverId: string, command: ValueCommand): CommandResult {
  const { root } = workspace;
  const uri = parseTreeUri(command.uri, limitsOf(root));
  if (uri instanceof Refusal) return refused(uri);
  if (uri.property !== undefined || uri.list !== undefined) {
    return refused(new Refusal(405, 'a property cannot be added'));
  }
  const inbox = uri.segments[0] === 'Inbox' && root.children?.has('Inbox') === true;
  if (carriesTnds(command)) {
    const document = readDocument(command);
    if (document instanceof Refusal) return refused(document);
    return inbox
      ? addToInbox(workspace, serverId, uri.segments, document, command.ignoreUnsupported === true)
      : addTnds(workspace, serverId, uri.segments, document);
  }
  if (inbox) return refused(new Refusal(415, 'the Inbox takes TNDS documents only'));
  const made = readNewNode(command);
  // A format that we do not know matters only when everything else is in order (DM-REPPRO-1.2).
  const late = made instanceof Refusal && made.status === 415;
  if (made instanceof Refusal && !late) return refused(made);
  const parts: NewNode = made instanceof Refusal ? { format: 'null' } : made;
  const tree = createNode(workspace, root, serverId, uri.segments, parts);
  if (tree instanceof Refusal) return refused(tree);
  if (made instanceof Refusal) return refused(made);
  const full = checkRoom(workspace, tree);
  if (full !== undefined) return refused(full);
  workspace.root = tree;
  return ok;
}

function readNewNode(command: ValueCommand): NewNode | Refusal {
  const { format, data } = command;
  const type = readType(command.type);
  if (type instanceof Refusal) return type;
  if (format !== 'node') {
    const leaf = readLeafValue(format, data);
    return leaf instanceof Refusal || type === undefined ? leaf : { ...leaf, type };
  }
  if (
    data !== undefined &&
    !((typeof data === 'string' || data instanceof Uint8Array) && data.length === 0)
  ) {
    return new Refusal(400, 'an interior node has no data');
  }
  return { format: 'node', type: interiorType(type) };
}
