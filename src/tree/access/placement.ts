// Where objects that arrive in the Inbox belong, by management object identifier (DM-TNDS-1.2).
import { formatUri } from '../node/uri.ts';

/** One row: objects of a kind and where they go. */
export interface Placement {
  /** Identifier without its version: `urn:oma:mo:oma-dm-dmacc`, `org.example/Mail`. A last `*` stands for any rest. */
  readonly identifier: string;
  /** Major version that is supported. Default 1. */
  readonly major?: number;
  /** Highest minor version that is known; a higher one is taken where no known one comes with it. Default: any is known. */
  readonly minor?: number;
  /** Leaf that says which object it is, whatever its version and its name: `ServerID`. Default: the name alone. */
  readonly key?: string;
  /** URI of the interior node that takes them; `refused` for objects that no server may add. */
  readonly parent: string;
  /** Name of an object that comes without one. */
  readonly name: string;
}

/** The project's own table: no public one exists. */
export const standardPlacements: readonly Placement[] = [
  // 1.0 is that of DM 1.2; public material gives 1.1 and 1.2 to that of DM 1.3.
  { identifier: 'urn:oma:mo:oma-dm-dmacc', minor: 2, parent: './DMAcc', name: 'Account', key: 'ServerID' },
  { identifier: 'org.openmobilealliance/w7', minor: 0, parent: './DMAcc', name: 'Account', key: 'ServerID' },
  { identifier: 'urn:oma:mo:oma-connmo-proxy', minor: 0, parent: './Proxy', name: 'Proxy', key: 'ProxyID' },
  { identifier: 'urn:oma:mo:oma-connmo*', minor: 0, parent: './NAP', name: 'NAP', key: 'NAPID' },
  { identifier: 'org.openmobilealliance/ConnMO', minor: 0, parent: './NAP', name: 'NAP', key: 'NAPID' },
  { identifier: 'urn:oma:mo:oma-fumo', minor: 0, parent: './FwUpdate', name: 'Package' },
  { identifier: 'urn:oma:mo:oma-dm-devinfo', parent: 'refused', name: '' },
  { identifier: 'urn:oma:mo:oma-dm-devdetail', parent: 'refused', name: '' },
  { identifier: 'urn:oma:mo:oma-dm-inbox', parent: 'refused', name: '' },
];

/** Where network access stands, in the table above and wherever the device puts it itself. */
export const connectivityParents: readonly string[] = ['./NAP', './Proxy'];

/** True for an interior node that the device itself makes for what it places there: it belongs to no server. */
export function isContainer(placements: readonly Placement[], segments: readonly string[]): boolean {
  const uri = formatUri(segments);
  return placements.some(({ parent }) => parent === uri || parent.startsWith(`${uri}/`));
}

/** A management object identifier taken apart. */
export interface MoIdentifier {
  /** Without the version. */
  readonly base: string;
  /** `undefined` when the identifier names no version. */
  readonly version: { readonly major: number; readonly minor: number } | undefined;
}

/** Takes `urn:oma:mo:NAME:1.0` or `REVERSED.DOMAIN/1.0/NAME` apart; any other text is a base without a version. */
export function parseMoIdentifier(text: string): MoIdentifier {
  const urn = /^(urn:.+):([0-9]{1,5})\.([0-9]{1,5})$/i.exec(text);
  if (urn !== null) {
    return { base: urn[1] ?? '', version: { major: Number(urn[2]), minor: Number(urn[3]) } };
  }
  const reversed = /^([^/]+)\/([0-9]{1,5})\.([0-9]{1,5})\/(.+)$/.exec(text);
  if (reversed !== null) {
    const version = { major: Number(reversed[2]), minor: Number(reversed[3]) };
    return { base: `${reversed[1]}/${reversed[4]}`, version };
  }
  return { base: text, version: undefined };
}

/** The row for an identifier; `undefined` when the object, or that major version of it, is not supported. */
export function placementOf(
  placements: readonly Placement[],
  identifier: MoIdentifier,
): Placement | undefined {
  return placements.find((row) => {
    const matches = row.identifier.endsWith('*')
      ? identifier.base.startsWith(row.identifier.slice(0, -1))
      : identifier.base === row.identifier;
    return matches && (identifier.version === undefined || identifier.version.major === (row.major ?? 1));
  });
}
