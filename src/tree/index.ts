// The management tree of a device: nodes with their properties, rights, commands, standard objects, durable state.

export type { OwnNode, TreeReader, TreeRunner, TreeWriter } from './access/device-access.ts';
export type { TreeLeaf } from './access/leaves.ts';
export * from './access/placement.ts';
export { mayCommand } from './access/rights.ts';
export type { AccessType, NodeRule } from './access/rules.ts';
export * from './access/standard-rules.ts';
export type { ExecCommand, ExecHandler, ExecOutcome, ExecRequest } from './commands/exec.ts';
export type { GetOptions } from './commands/get.ts';
export * from './management-tree.ts';
export * from './node/acl.ts';
export { type TreeNode, valueOctets } from './node/node.ts';
export type { CommandResult, PlacedObject, TreeItem } from './node/outcome.ts';
export { type PropertyName, propertyNames } from './node/uri.ts';
export * from './objects/device-objects.ts';
export * from './objects/dm-account.ts';
export * from './objects/read-accounts.ts';
export * from './objects/w7-account.ts';
export * from './objects/write-accounts.ts';
export * from './storage/file-storage.ts';
export type { NodeSnapshot, TreeSnapshot } from './storage/snapshot.ts';
export * from './storage/storage.ts';
export { type Savepoint, TreeTransaction } from './transaction.ts';
export type { ValueCommand } from './workspace/command.ts';
