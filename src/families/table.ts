// The families. A row stands here only with a source that was looked at; docs/families.md is the same for people, and a
// test holds the two together.
import { type Family, type FamilyName, familyNames, type Row, type Seen } from './family.ts';

function row<Value>(value: Value, seen: Seen, source: string): Row<Value> {
  return { value, source, seen };
}

const generic: Family = {
  name: 'generic',
  about: 'any client that keeps to the specifications',
  rows: {},
};

const aosp: Family = {
  name: 'aosp',
  about: 'the DM engine of AOSP (Nexus and Sprint phones)',
  rows: {
    serverIdMaxOctets: row(23, 'code', 'AOSP packages/apps/OMA-DM, dmNotification.cc'),
    triggerMaxOctets: row(255, 'code', 'AOSP packages/apps/OMA-DM, dmNotification.cc'),
    nonceMaxOctets: row(50, 'code', 'AOSP packages/apps/OMA-DM, dmServerAuthentication.cc'),
    // The version is not looked at: a message of 2010 is read as one of 1.2 with vendor data.
    notificationFormats: row(['dm1.2', 'dm1.3-2010'], 'code', 'AOSP packages/apps/OMA-DM, dmNotification.cc'),
    initiators: row(['server'], 'code', 'AOSP packages/apps/OMA-DM, DMSession.java'),
    wspContentTypes: row(
      [0x44],
      'code',
      'AOSP packages/apps/OMA-DM, AndroidManifest.xml; AOSP frameworks/opt/telephony, WspTypeDecoder.java',
    ),
    wbxmlVersions: row(
      ['1.2'],
      'run',
      'bootstraps and sessions of the engine: it reads and writes WBXML 1.2',
    ),
    bootstraps: row(
      { dm: 'lost' },
      'run',
      'a bootstrap of the engine: no account comes of a tree in ./Inbox',
    ),
    refusedCommands: row({ Copy: 406 }, 'run', 'a session of the engine'),
  },
};

const samsung: Family = {
  name: 'samsung',
  about: 'the DM and firmware client of Samsung phones (com.wssyncmldm)',
  rows: {
    // A length of 128 and more is read as a negative one.
    serverIdMaxOctets: row(127, 'listing', 'com.wssyncmldm, IDMPushDecoder'),
    notificationFormats: row(['dm1.2', 'dm1.3-2010'], 'listing', 'com.wssyncmldm, IDMPushDecoder'),
    wspContentTypes: row([0x44, 0x42, 0x36, 0x35], 'listing', 'com.wssyncmldm, IDMPushWapDecoder'),
    digestName: row('auth-name', 'listing', 'com.wssyncmldm, IDMPushDecoder'),
    ipBody: row('base64', 'listing', 'com.wssyncmldm, IDMPushDecoder'),
  },
};

const windows: Family = {
  name: 'windows',
  about: 'the DM client of Windows 10 and 11',
  rows: {
    notificationFormats: row(['dm1.2'], 'vendor', 'Microsoft, OMA DM protocol support'),
    bootstraps: row({ cp: 'taken' }, 'vendor', 'Microsoft, OMA DM protocol support'),
    sessionIdSpelling: row('decimal', 'vendor', 'Microsoft, OMA DM protocol support'),
    atomicChanges: row('one', 'vendor', 'Microsoft, OMA DM protocol support'),
  },
};

const libdmclient: Family = {
  name: 'libdmclient',
  about: 'clients made with libdmclient (Intel)',
  rows: {
    notificationFormats: row(['dm1.2'], 'code', 'intel/libdmclient, dmcore/src/package0.c'),
    digestName: row('auth-name', 'code', 'intel/libdmclient, dmcore/src/package0.c'),
    digestCheck: row('fails', 'code', 'intel/libdmclient, dmcore/src/codec.c'),
    defaultNonce: row('another', 'code', 'intel/libdmclient, dmcore/src/package0.c'),
    sessionIdSpelling: row('swapped', 'code', 'intel/libdmclient, dmcore/src/package0.c'),
    largeObjects: row('last-piece', 'run', 'a session of the library'),
  },
};

/** All families, by name. */
export const families: Readonly<Record<FamilyName, Family>> = Object.freeze({
  generic,
  aosp,
  samsung,
  windows,
  libdmclient,
});

/** The family of a device's record; `generic` for a record without one, or with a name that this release does not know. */
export function familyOf(device: { readonly family?: string | undefined }): Family {
  const name = familyNames.find((each) => each === device.family);
  return families[name ?? 'generic'];
}
