// What of a push a family would not take, and what to do. A finding warns: it never keeps back what the specifications allow.
import type { Initiator, NotificationFormat } from '../codec/notification/index.ts';
import type { DmCommand, Item } from '../codec/syncml/index.ts';
import type { WbxmlVersion } from '../codec/wbxml/index.ts';
import { contentTypeNames, numberOf } from '../codec/wsp/index.ts';
import { utf8ToBytes } from '../core/index.ts';
import type { BootstrapProfile, Family, FamilyRow, Row } from './family.ts';

/** One thing that a family would not take. */
export interface Finding {
  readonly row: FamilyRow;
  /** What it is about: a field of the message or of the device, or `contentType`. */
  readonly field: string;
  /** `lost`: nothing comes of it. `doubtful`: it may come to nothing, or to something else. */
  readonly effect: 'lost' | 'doubtful';
  /** What the family does. */
  readonly detail: string;
  readonly remedy?: string;
  readonly source: Row<unknown>['source'];
  readonly seen: Row<unknown>['seen'];
}

/** What is looked at of Package #0. */
export interface NotificationFacts {
  readonly format: NotificationFormat;
  readonly serverId: string;
  readonly initiator: Initiator;
  /** Octets that the digest covers; absent: not known yet. */
  readonly signedOctets?: number;
  /** True for a push that is to go out under the default nonce. */
  readonly resynchronises?: boolean;
}

type Told = Omit<Finding, 'row' | 'source' | 'seen'>;

/** What of a notification the family would not take. */
export function notificationFindings(family: Family, facts: NotificationFacts): readonly Finding[] {
  const { format, initiator, signedOctets = 0, resynchronises = false } = facts;
  const { rows } = family;
  const found = serverIdFindings(family, facts.serverId);
  const say = collector(family, found);
  const md5 = format !== 'dm1.3';
  const formats = rows.notificationFormats?.value;
  if (formats !== undefined && !formats.includes(format)) {
    const detail = `reads ${formats.join(' and ')}, not ${format}`;
    say('notificationFormats', { field: 'format', effect: 'lost', detail, remedy: `use ${formats[0]}` });
  }
  const longest = rows.triggerMaxOctets?.value;
  if (longest !== undefined && md5 && signedOctets > longest) {
    const detail = `counts the octets after the digest up to ${longest}, and these are ${signedOctets}: the digest does not hold`;
    const remedy = 'make reason or vendorData shorter';
    say('triggerMaxOctets', { field: 'message', effect: 'lost', detail, remedy });
  }
  if (rows.initiators?.value.includes(initiator) === false) {
    const detail = `begins a session of its own for initiator ${initiator}, without the Session-ID of the push`;
    const remedy = `use initiator ${rows.initiators.value.join(' or ')}`;
    say('initiators', { field: 'initiator', effect: 'doubtful', detail, remedy });
  }
  if (rows.digestCheck !== undefined && md5) {
    const detail = 'never finds an MD5 digest right: whether a session follows is for the program around it';
    say('digestCheck', {
      field: 'format',
      effect: 'doubtful',
      detail,
      remedy: 'make sure that it goes on, or polls',
    });
  }
  if (rows.defaultNonce !== undefined && md5 && resynchronises) {
    const detail = 'takes something else for the default nonce: a push that resynchronises does not verify';
    const remedy = 'give both ends the same nonce';
    say('defaultNonce', { field: 'resynchronise', effect: 'lost', detail, remedy });
  }
  return found;
}

/** Whether the family can take Package #0 from a server of that name. */
export function serverIdFindings(family: Family, serverId: string): Finding[] {
  const found: Finding[] = [];
  const longest = family.rows.serverIdMaxOctets?.value;
  const octets = longest === undefined ? 0 : utf8ToBytes(serverId).length;
  if (longest !== undefined && octets > longest) {
    const detail = `refuses Package #0 whose Server-ID has more than ${longest} octets, and this one has ${octets}`;
    const remedy = `manage it by an account with a ServerID of ${longest} octets or fewer`;
    collector(family, found)('serverIdMaxOctets', { field: 'serverId', effect: 'lost', detail, remedy });
  }
  return found;
}

/** Whether a nonce of that length fits. */
export function nonceFindings(family: Family, field: string, octets: number): readonly Finding[] {
  const found: Finding[] = [];
  const longest = family.rows.nonceMaxOctets?.value;
  if (longest !== undefined && octets > longest) {
    const detail = `holds nonces of at most ${longest} octets, and this one has ${octets}`;
    collector(family, found)('nonceMaxOctets', {
      field,
      effect: 'lost',
      detail,
      remedy: 'use a shorter one',
    });
  }
  return found;
}

/** Whether a push of that content type reaches the client by WSP (`wap:`, `waps:`, `sms:`). */
export function contentTypeFindings(
  family: Family,
  type: { readonly code?: number | undefined; readonly mime?: string | undefined },
): readonly Finding[] {
  const found: Finding[] = [];
  const taken = family.rows.wspContentTypes?.value;
  const number = type.code ?? (type.mime === undefined ? undefined : numberOf(contentTypeNames, type.mime));
  if (taken !== undefined && number !== undefined && !taken.includes(number)) {
    const shown = type.mime ?? contentTypeNames.get(number) ?? 'unknown';
    const detail = `hands no push of content type ${hex(number)} (${shown}) by WSP to its DM client, only ${taken.map((each) => hex(each)).join(', ')}`;
    const remedy = number === 0x58 ? 'use format dm1.2' : 'use another route, or a session';
    collector(family, found)('wspContentTypes', { field: 'contentType', effect: 'lost', detail, remedy });
  }
  return found;
}

/** Whether the body of Package #0 over HTTP or SIP is written as the family reads it; `base64` says that it is Base64. */
export function ipBodyFindings(family: Family, base64: boolean): readonly Finding[] {
  const found: Finding[] = [];
  if (family.rows.ipBody?.value === 'base64' && !base64) {
    const detail = 'reads Package #0 that comes over IP as Base64, and this body is the octets themselves';
    const remedy = `have the record of the device say "family": "${family.name}", and the server writes Base64`;
    collector(family, found)('ipBody', { field: 'body', effect: 'lost', detail, remedy });
  }
  return found;
}

/** Whether an account comes of a bootstrap of that kind. */
export function bootstrapFindings(family: Family, profile: BootstrapProfile): readonly Finding[] {
  const found: Finding[] = [];
  const say = collector(family, found);
  const known = family.rows.bootstraps?.value;
  const other = profile === 'dm' ? 'cp' : 'dm';
  if (known?.[profile] === 'lost') {
    const detail = `makes no account from a bootstrap of profile ${profile}`;
    const remedy = known[other] === 'taken' ? `use profile ${other}` : 'provision its account in another way';
    say('bootstraps', { field: 'profile', effect: 'lost', detail, remedy });
  } else if (known?.[other] === 'taken' && known[profile] === undefined) {
    const detail = `is bootstrapped by profile ${other}; of ${profile} nothing is known`;
    say('bootstraps', { field: 'profile', effect: 'doubtful', detail, remedy: `use profile ${other}` });
  }
  return found;
}

/** Whether the family reads that version of WBXML. */
export function wbxmlFindings(family: Family, version: WbxmlVersion | string): readonly Finding[] {
  const found: Finding[] = [];
  const read = family.rows.wbxmlVersions?.value;
  if (read !== undefined && !read.some((each) => each === version)) {
    const detail = `is known to read WBXML ${read.join(', ')}, and this is ${version}`;
    const told: Told = { field: 'wbxmlVersion', effect: 'doubtful', detail, remedy: `use ${read[0]}` };
    collector(family, found)('wbxmlVersions', told);
  }
  return found;
}

/** What of the commands of a message the family would not carry out. */
export function commandFindings(
  family: Family,
  commands: readonly DmCommand[],
  path = 'commands',
): readonly Finding[] {
  const found: Finding[] = [];
  const say = collector(family, found);
  const { refusedCommands, largeObjects, atomicChanges } = family.rows;
  for (const [index, command] of commands.entries()) {
    const field = `${path}[${index}]`;
    if (command.name === 'Atomic' || command.name === 'Sequence') {
      if (command.name === 'Atomic' && atomicChanges !== undefined) {
        const uri = addedAndReplaced(command.commands);
        if (uri !== undefined) {
          const detail = `does not support an Add and a Replace of one node in one Atomic, here ${uri}`;
          const remedy = 'add the node with its last value';
          say('atomicChanges', { field, effect: 'lost', detail, remedy });
        }
      }
      for (const each of commandFindings(family, command.commands, `${field}.commands`)) found.push(each);
      continue;
    }
    const status = command.name === 'Copy' ? refusedCommands?.value.Copy : undefined;
    if (status !== undefined) {
      const detail = `answers ${command.name} with ${status}`;
      const remedy = 'get the value, and add it where it is wanted';
      say('refusedCommands', { field, effect: 'lost', detail, remedy });
    }
    if (largeObjects !== undefined && itemsOf(command).some(({ moreData }) => moreData === true)) {
      const detail = 'keeps only the last piece of a large object';
      const remedy = 'send values that fit one message';
      say('largeObjects', { field, effect: 'lost', detail, remedy });
    }
  }
  return found;
}

/** One line about a finding: the field, what the family does, what to do, and who says so. */
export function findingText(family: Family, { field, detail, remedy, source }: Finding): string {
  const advice = remedy === undefined ? '' : `; ${remedy}`;
  return `${field}: the family ${family.name} ${detail}${advice} (docs/families.md; ${source})`;
}

function collector(family: Family, found: Finding[]): (row: FamilyRow, told: Told) => void {
  return (row, told) => {
    const said = family.rows[row];
    if (said === undefined) throw new TypeError(`the family ${family.name} has no row ${row}`);
    found.push({ row, ...told, source: said.source, seen: said.seen });
  };
}

function itemsOf(command: DmCommand): readonly Item[] {
  return 'items' in command ? command.items : [];
}

/** A URI that is added and then replaced. */
function addedAndReplaced(commands: readonly DmCommand[]): string | undefined {
  const added = new Set<string>();
  for (const command of commands) {
    if (command.name !== 'Add' && command.name !== 'Replace') continue;
    for (const { target } of command.items) {
      if (target === undefined) continue;
      if (command.name === 'Add') added.add(target.uri);
      else if (added.has(target.uri)) return target.uri;
    }
  }
  return undefined;
}

function hex(number: number): string {
  return `0x${number.toString(16).padStart(2, '0').toUpperCase()}`;
}
