// Package #1: who starts, DevInfo, what Requested-MO names, and alerts (DM-PRO-1.2).
import { alertCodes, type DmCommand, type Item, type Meta } from '../../codec/syncml/index.ts';
import type { ObjectLeaf } from '../contract/contract.ts';
import { unnumbered } from '../message/numbering.ts';
import type { ClientAlert, ClientSessionOptions } from './client-options.ts';

type Content = Pick<ClientSessionOptions, 'trigger' | 'devInfo' | 'requestedObjects' | 'alerts'>;

/** The commands of package #1, without CmdIDs. */
export function packageOne(content: Content): DmCommand[] {
  const code = content.trigger === 'server' ? alertCodes.serverInitiated : alertCodes.clientInitiated;
  const commands: DmCommand[] = [
    { name: 'Alert', cmdId: unnumbered, data: String(code), items: [] },
    replaceOf(content.devInfo),
  ];
  for (const leaves of content.requestedObjects ?? [])
    if (leaves.length > 0) commands.push(replaceOf(leaves));
  for (const alert of content.alerts ?? []) commands.push(alertOf(alert));
  return commands;
}

/** A client's alert without its CmdID. */
export function alertOf(alert: ClientAlert): DmCommand {
  return { ...alert, name: 'Alert', cmdId: unnumbered };
}

function replaceOf(leaves: readonly ObjectLeaf[]): DmCommand {
  return { name: 'Replace', cmdId: unnumbered, items: leaves.map(itemOf) };
}

function itemOf(leaf: ObjectLeaf): Item {
  const { uri, format, type, data } = leaf;
  const source = { uri };
  const meta: Meta = {
    ...(format === undefined || format === 'chr' ? {} : { format }),
    ...(type === undefined || type === 'text/plain' ? {} : { type }),
  };
  return Object.keys(meta).length === 0 ? { source, data } : { source, meta, data };
}
