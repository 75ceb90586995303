// reveille tree: look at, and edit, the management tree in a device's state file, while no device uses it.
import { Command, Option } from 'commander';
import { buildTnds, type TndsNode } from '../../codec/tnds/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { base64ToBytes, bytesToBase64, requireServerId, ValueError } from '../../core/index.ts';
import {
  mayUpdateFirmware,
  namedFirmwareServers,
  nameFirmwareServers,
  openDeviceTree,
  openStateFile,
} from '../../device/index.ts';
import {
  formatAcl,
  type ManagementTree,
  type OwnNode,
  parseAcl,
  readAccounts,
  type TreeNode,
} from '../../tree/index.ts';
import { type Io, UsageError } from '../io/io.ts';

interface ShowOptions {
  readonly json?: boolean;
  readonly tnds?: boolean;
  readonly secrets?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

interface SetOptions extends JsonOption {
  readonly format?: OwnNode['format'];
  readonly type?: string;
}

interface FirmwareOptions extends JsonOption {
  readonly none?: boolean;
  readonly default?: boolean;
}

/** The `tree` command. */
export function treeCommand(io: Io): Command {
  const command = new Command('tree')
    .summary("look at and edit the management tree in a device's state file")
    .description(
      'Works on the state file of `reveille device` while that does not run; the file is locked meanwhile. Edits are the ' +
        "device's own: no ACL is asked. Values that no server may read, such as secrets, are hidden without --secrets.",
    )
    .addHelpText(
      'after',
      `
Examples:
  reveille tree show e1.json ./DMAcc
  reveille tree set e1.json ./Vendor/Note "hello"
  reveille tree acl e1.json ./Vendor "Get=*&Replace=com.example.dm"
  reveille tree firmware e1.json com.example.dm`,
    );
  command
    .command('show')
    .summary('print nodes with format, ACL and value')
    .argument('<STATE>', 'state file')
    .argument('[URI]', 'where to begin', '.')
    .option('--json', 'one JSON object a node')
    .option('--tnds', 'as TNDS (XML)')
    .option('--secrets', 'print hidden values too')
    .action((state: string, uri: string, options: ShowOptions) =>
      withTree(io, state, false, (tree) => show(io, tree, uri, options)),
    );
  command
    .command('get')
    .summary('print the value of one leaf')
    .argument('<STATE>', 'state file')
    .argument('<URI>', 'a leaf')
    .option('--secrets', 'print a hidden value')
    .option('--json', 'one JSON object')
    .action((state: string, uri: string, options: ShowOptions) =>
      withTree(io, state, false, (tree) => {
        const node = requireNode(tree, uri);
        if (node.children !== undefined) throw new UsageError(`${uri} is an interior node: use tree show`);
        if (isHidden(tree, uri) && options.secrets !== true) {
          throw new UsageError(`${uri} is hidden`, 'Give --secrets to print it.');
        }
        const { format, type } = node;
        const value = valueText(node);
        io.stdout(`${options.json === true ? JSON.stringify({ uri, format, type, value }) : value}\n`);
      }),
    );
  command
    .command('set')
    .summary('set a leaf; missing parents are made')
    .argument('<STATE>', 'state file')
    .argument('<URI>', 'the leaf')
    .argument('<VALUE>', 'its value; Base64 for --format bin')
    .addOption(
      new Option('--format <format>', 'default: as it is, else chr').choices([
        'chr',
        'int',
        'bool',
        'bin',
        'xml',
        'float',
        'date',
        'time',
        'null',
      ]),
    )
    .option('--type <mime>', 'default: as it is, else text/plain')
    .option('--json', 'say as one JSON object what was set')
    .action((state: string, uri: string, value: string, options: SetOptions) =>
      withTree(io, state, true, async (tree) => {
        await set(tree, uri, value, options);
        if (options.json === true) io.stdout(`${JSON.stringify({ uri, set: true })}\n`);
      }),
    );
  command
    .command('delete')
    .summary('remove a node with all below it')
    .argument('<STATE>', 'state file')
    .argument('<URI>', 'the node')
    .option('--json', 'say as one JSON object what was removed')
    .action((state: string, uri: string, options: JsonOption) =>
      withTree(io, state, true, async (tree) => {
        requireNode(tree, uri);
        await tree.run((transaction) => transaction.remove(uri));
        if (options.json === true) io.stdout(`${JSON.stringify({ uri, deleted: true })}\n`);
      }),
    );
  command
    .command('acl')
    .summary("print a node's own ACL, or set it; an empty one inherits")
    .argument('<STATE>', 'state file')
    .argument('<URI>', 'the node')
    .argument('[ACL]', 'such as "Get=*&Replace=com.example.dm"')
    .option('--json', 'one JSON object')
    .action((state: string, uri: string, acl: string | undefined, options: JsonOption) =>
      withTree(io, state, acl !== undefined, async (tree) => {
        const node = requireNode(tree, uri);
        if (acl === undefined) {
          const own = node.acl === undefined ? '' : formatAcl(node.acl);
          io.stdout(`${options.json === true ? JSON.stringify({ uri, acl: own }) : own}\n`);
          return;
        }
        if (acl !== '' && parseAcl(acl) === undefined) throw new UsageError(`${acl} is no ACL`);
        const { value: _, ...rest } = ownNode(node);
        await tree.run((transaction) =>
          transaction.set(uri, node.children === undefined ? { ...ownNode(node), acl } : { ...rest, acl }),
        );
        if (options.json === true) io.stdout(`${JSON.stringify({ uri, acl })}\n`);
      }),
    );
  command
    .command('firmware')
    .summary('print the servers that may update the firmware, or name them')
    .description(
      'Whoever is named may, and nobody else; also with an account that comes later. Unless somebody is named, those may ' +
        'whose accounts were there when the device was made. ACLs count as well.',
    )
    .argument('<STATE>', 'state file')
    .argument('[SERVERIDS...]', 'such as com.example.dm')
    .option('--none', 'name nobody')
    .option('--default', 'back to the accounts that were there when the device was made')
    .option('--json', 'one JSON object')
    .action((state: string, serverIds: readonly string[], options: FirmwareOptions) => {
      const wishes = [serverIds.length > 0, options.none === true, options.default === true];
      const given = wishes.filter((wish) => wish).length;
      if (given > 1) throw new UsageError('SERVERIDS, --none and --default exclude each other');
      return withTree(io, state, given > 0, (tree) =>
        given === 0
          ? showFirmwareServers(io, tree, options.json === true)
          : setFirmwareServers(tree, options.default === true ? undefined : serverIds).then(() => {
              if (options.json === true) showFirmwareServers(io, tree, true);
            }),
      );
    });
  return command;
}

function showFirmwareServers(io: Io, tree: ManagementTree, json: boolean): void {
  const named = namedFirmwareServers(tree) ?? [];
  const present = readAccounts(tree).map(({ serverId }) => serverId);
  if (json) {
    const servers = [...new Set([...named, ...present])]
      .map((serverId) => ({
        serverId,
        may: mayUpdateFirmware(tree, serverId),
        account: present.includes(serverId),
      }))
      .filter(({ serverId, may }) => may || named.includes(serverId));
    io.stdout(`${JSON.stringify({ servers })}\n`);
    return;
  }
  for (const serverId of new Set([...named, ...present])) {
    if (mayUpdateFirmware(tree, serverId)) io.stdout(`${serverId}\n`);
    else if (named.includes(serverId)) io.stdout(`${serverId}  (no account)\n`);
  }
}

function setFirmwareServers(tree: ManagementTree, serverIds: readonly string[] | undefined): Promise<void> {
  for (const serverId of serverIds ?? []) requireServerId(serverId, 'SERVERIDS');
  return tree.run((transaction) => nameFirmwareServers(transaction, serverIds));
}

async function withTree(
  io: Io,
  file: string,
  writes: boolean,
  work: (tree: ManagementTree) => void | Promise<void>,
): Promise<void> {
  const storage = openStateFile(file, { onRemark: (text) => io.stderr(`reveille: ${text}\n`) });
  const loaded = storage.load();
  if (loaded === undefined) {
    await storage.close();
    throw new UsageError(`${file} does not exist`, 'Create a device with reveille device --provision.');
  }
  const { tree, close } = await openDeviceTree(storage);
  try {
    await work(tree);
  } catch (error) {
    if (error instanceof ValueError && writes) throw new UsageError(error.message);
    throw error;
  } finally {
    await close();
  }
}

function requireNode(tree: ManagementTree, uri: string): TreeNode {
  const node = tree.node(uri);
  if (node === undefined) throw new UsageError(`there is no node ${uri}`);
  return node;
}

/** True for a leaf that no server may read. */
function isHidden(tree: ManagementTree, uri: string): boolean {
  return tree.leaves(uri).length === 0;
}

function show(io: Io, tree: ManagementTree, uri: string, options: ShowOptions): void {
  const start = requireNode(tree, uri);
  const readable = new Set(tree.leaves(uri).map((leaf) => leaf.uri));
  const hidden = (at: string): boolean => options.secrets !== true && !readable.has(at);
  if (options.tnds === true) {
    const name = uri === '.' ? '' : (uri.split('/').at(-1) ?? '');
    const nodes =
      uri === '.'
        ? [...(start.children ?? [])].map(([child, node]) => tndsNode(child, `./${child}`, node, hidden))
        : [{ ...tndsNode(name, uri, start, hidden), path: uri.slice(0, uri.lastIndexOf('/')) }];
    io.stdout(`${writeXml(buildTnds({ verDtd: '1.2', nodes }))}\n`);
    return;
  }
  for (const [at, node] of walk(uri, start)) {
    const leaf = node.children === undefined;
    const value = leaf ? (hidden(at) ? undefined : valueText(node)) : undefined;
    const acl = node.acl === undefined ? undefined : formatAcl(node.acl);
    if (options.json === true) {
      const { format, type } = node;
      io.stdout(
        `${JSON.stringify({ uri: at, format, type, acl, ...(leaf && (value === undefined ? { hidden: true } : { value })) })}\n`,
      );
      continue;
    }
    const parts = [at, node.format, ...(acl === undefined ? [] : [`[${acl}]`])];
    if (leaf) parts.push(value === undefined ? '(hidden)' : JSON.stringify(value));
    else if (node.type !== '') parts.push(node.type);
    io.stdout(`${parts.join('  ')}\n`);
  }
}

function* walk(uri: string, node: TreeNode): Generator<readonly [string, TreeNode]> {
  yield [uri, node];
  for (const [name, child] of node.children ?? []) yield* walk(`${uri}/${name}`, child);
}

function tndsNode(name: string, uri: string, node: TreeNode, hidden: (uri: string) => boolean): TndsNode {
  const { format, type, children } = node;
  const properties = {
    format,
    type: children === undefined ? { mime: type } : { ddfName: type },
    ...(node.acl !== undefined && { acl: formatAcl(node.acl) }),
  };
  const nodes = [...(children ?? [])].map(([child, inner]) =>
    tndsNode(child, `${uri}/${child}`, inner, hidden),
  );
  if (children !== undefined || hidden(uri)) return { name, properties, nodes };
  return { name, properties, value: node.value, nodes };
}

async function set(tree: ManagementTree, uri: string, value: string, options: SetOptions): Promise<void> {
  const before = tree.node(uri);
  if (before?.children !== undefined) throw new UsageError(`${uri} is an interior node`);
  const format = options.format ?? before?.format ?? 'chr';
  const type = options.type ?? before?.type;
  await tree.run((transaction) =>
    transaction.set(uri, {
      format,
      value: format === 'bin' ? base64ToBytes(value, 'VALUE') : value,
      ...(type !== undefined && { type }),
    }),
  );
}

function ownNode({ format, type, title, value }: TreeNode): OwnNode {
  return { format, type, title, value };
}

function valueText({ value }: TreeNode): string {
  return typeof value === 'string' ? value : bytesToBase64(value);
}
