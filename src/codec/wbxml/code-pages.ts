// Tag tokens by code page. The tables start at token 05; `-` is a reserved token.
import { namespaces } from '../xml/index.ts';
import type { AttributeSpace } from './attribute-pages.ts';
import { provisioningAttributes } from './provisioning-tokens.ts';

/** One page of tag tokens. */
export interface CodePage {
  readonly number: number;
  /** For people: `SyncML`, `MetInf`, … */
  readonly title: string;
  /** Namespace of every element of the page. */
  readonly namespace: string;
  /** Element name by token, 00–3F. */
  readonly names: readonly (string | undefined)[];
  /** Token by element name, for those that the version of the document has; the others are written as literals. */
  readonly tokens: ReadonlyMap<string, number>;
}

/** The pages that one document type uses. */
export interface CodeSpace {
  /** Page by number. */
  readonly pages: readonly CodePage[];
  /** Page by namespace; the first one where several have the same. */
  readonly byNamespace: ReadonlyMap<string, CodePage>;
  /** Attribute tokens; absent for the document types that have none. */
  readonly attributes?: AttributeSpace;
}

// Later versions only added tags at the end, so one table reads all of them.
const syncmlTags = `Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data Delete Exec Final Get Item Lang LocName
  LocURI Map MapItem Meta MsgID MsgRef NoResp NoResults Put Replace RespURI Results Search Sequence SessionID SftDel Source
  SourceRef Status Sync SyncBody SyncHdr SyncML Target TargetRef - VerDTD VerProto NumberOfChanges MoreData Field Filter
  Record FilterType SourceParent TargetParent Move Correlator`;

const metinfTags = `Anchor EMI Format FreeID FreeMem Last Mark MaxMsgSize Mem MetInf Next NextNonce SharedMem Size Type
  Version MaxObjSize FieldLevel`;

const dmddfTags = `AccessType ACL Add b64 bin bool chr CaseSense CIS Copy CS date DDFName DefaultValue Delete Description
  DFFormat DFProperties DFTitle DFType Dynamic Exec float Format Get int Man MgmtTree MIME Mod Name Node node NodeName null
  Occurrence One OneOrMore OneOrN Path Permanent Replace RTProperties Scope Size time Title TStamp Type Value VerDTD VerNo
  xml ZeroOrMore ZeroOrN ZeroOrOne`;

const devinfTags = `CTCap CTType DataStore DataType DevID DevInf DevTyp DisplayName DSMem Ext FwV HwV Man MaxGUIDSize MaxID
  MaxMem Mod OEM ParamName PropName Rx Rx-Pref SharedMem MaxSize SourceRef SwV SyncCap SyncType Tx Tx-Pref ValEnum VerCT
  VerDTD XNam XVal UTC SupportNumberOfChanges SupportLargeObjs Property PropParam MaxOccur NoTruncate - Filter-Rx FilterCap
  FilterKeyword FieldLevel SupportHierarchicalSync`;

/** A page whose version has the tags up to `last`. */
function codePage(number: number, title: string, namespace: string, tags: string, last: string): CodePage {
  const names: (string | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
  for (const name of tags.split(/\s+/)) names.push(name === '-' ? undefined : name);
  while (names.length < 64) names.push(undefined);
  const tokens = new Map<string, number>();
  const end = names.indexOf(last);
  for (const [token, name] of names.entries()) {
    if (name !== undefined && token <= end) tokens.set(name, token);
  }
  return { number, title, namespace, names, tokens };
}

function codeSpace(...pages: readonly CodePage[]): CodeSpace {
  return { pages, byNamespace: new Map(pages.toReversed().map((page) => [page.namespace, page])) };
}

const dmddf = codePage(2, 'DM DDF', namespaces.dmddf, dmddfTags, 'ZeroOrOne');

function syncmlSpace(version: string, lastSyncml: string, lastMetinf: string): CodeSpace {
  return codeSpace(
    codePage(0, 'SyncML', `SYNCML:SYNCML${version}`, syncmlTags, lastSyncml),
    codePage(1, 'MetInf', namespaces.metinf, metinfTags, lastMetinf),
    dmddf,
  );
}

// Before 1.2, MaxSize was called Size.
const devinf11 = codeSpace(
  codePage(0, 'DevInf', namespaces.devinf, devinfTags.replace(' MaxSize ', ' Size '), 'SupportLargeObjs'),
);

// A document of its own, without namespace. Page 1 came with version 1.1, for its attributes.
const provisioning: CodeSpace = {
  ...codeSpace(
    codePage(0, 'PROV', '', 'wap-provisioningdoc characteristic parm', 'parm'),
    codePage(1, 'PROV', '', '- characteristic parm', 'parm'),
  ),
  attributes: provisioningAttributes,
};

/**
 * SyncML by version, each with MetInf on page 1 and DM DDF on page 2; and DevInf, on page 0 of its own documents. Version
 * 1.0 has the tables of 1.1: what 1.1 added is used under the identifier of 1.0 as well. And Client Provisioning.
 */
export const codeSpaces = {
  syncml10: syncmlSpace('1.0', 'MoreData', 'MaxObjSize'),
  syncml11: syncmlSpace('1.1', 'MoreData', 'MaxObjSize'),
  syncml12: syncmlSpace('1.2', 'Correlator', 'FieldLevel'),
  devinf11,
  devinf12: codeSpace(codePage(0, 'DevInf', namespaces.devinf, devinfTags, 'SupportHierarchicalSync')),
  provisioning,
} as const;
