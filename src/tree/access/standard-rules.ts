// The built-in device description: standard objects of DM (DM-StdObj-1.2, FUMO 1.0; DM-TNDS-1.2, DM-STDOBJ-1.2). The
// standards let a device extend AccessType, which is done where servers look after their own account.
import type { AccessType, NodeRule } from './rules.ts';

const permanent = (uri: string, ...access: readonly AccessType[]): NodeRule => ({
  uri,
  scope: 'permanent',
  access,
});
const dynamic = (uri: string, ...access: readonly AccessType[]): NodeRule => ({
  uri,
  scope: 'dynamic',
  access,
});

export const standardRules: readonly NodeRule[] = [
  permanent('./DevInfo', 'Get'),
  ...extensionsOf('./DevInfo'),
  permanent('./DevInfo/**', 'Get'),

  permanent('./DevDetail', 'Get'),
  ...extensionsOf('./DevDetail'),
  permanent('./DevDetail/**', 'Get'),

  permanent('./DMAcc', 'Get'),
  dynamic('./DMAcc/*', 'Add', 'Delete', 'Get', 'Replace'),
  // Who the account belongs to does not change under it, and the account makes no sense without these.
  dynamic('./DMAcc/*/AppID', 'Add', 'Get'),
  dynamic('./DMAcc/*/ServerID', 'Add', 'Get'),
  dynamic('./DMAcc/*/AppAuth/*/AAuthSecret', 'Add', 'Delete', 'Replace'),
  dynamic('./DMAcc/*/AppAuth/*/AAuthData', 'Add', 'Delete', 'Replace'),
  // Keys of signed messages: a server may renew those of its account, and read none.
  dynamic('./DMAcc/*/Ext/Reveille', 'Add', 'Delete', 'Replace'),
  dynamic('./DMAcc/*/Ext/Reveille/**', 'Add', 'Delete', 'Replace'),
  dynamic('./DMAcc/**', 'Add', 'Delete', 'Get', 'Replace'),

  // Network access: a server may renew the secrets that it brought, and reads none.
  dynamic('./NAP/*/AuthInfo/*/AuthSecret', 'Add', 'Delete', 'Replace'),
  dynamic('./Proxy/*/AuthInfo/*/AuthSecret', 'Add', 'Delete', 'Replace'),

  permanent('./Inbox', 'Add'),
  permanent('./Inbox/**', 'Add'),

  // What the device itself keeps, such as the memory of messages; no server sees it.
  permanent('./Reveille'),
  permanent('./Reveille/**'),

  permanent('./FwUpdate', 'Get'),
  dynamic('./FwUpdate/*', 'Add', 'Delete', 'Get', 'Replace'),
  permanent('./FwUpdate/*/State', 'Get'),
  dynamic('./FwUpdate/*/Download', 'Add', 'Delete', 'Exec', 'Get', 'Replace'),
  dynamic('./FwUpdate/*/Update', 'Add', 'Delete', 'Exec', 'Get', 'Replace'),
  dynamic('./FwUpdate/*/Update/PkgData', 'Add', 'Delete', 'Replace'),
  dynamic('./FwUpdate/*/DownloadAndUpdate', 'Add', 'Delete', 'Exec', 'Get', 'Replace'),
  // Where states of version 1 kept operations under way. It stays the device's own, so that nothing there is ever taken for one.
  permanent('./FwUpdate/*/Ext/Operations'),
  permanent('./FwUpdate/*/Ext/Operations/**'),
  dynamic('./FwUpdate/**', 'Add', 'Delete', 'Get', 'Replace'),
];

// Below Ext and Bearer a device, and here a server too, may add at will.
function extensionsOf(uri: string): NodeRule[] {
  return ['Ext', 'Bearer'].flatMap((name) => [
    dynamic(`${uri}/${name}`, 'Add', 'Delete', 'Get', 'Replace'),
    dynamic(`${uri}/${name}/**`, 'Add', 'Delete', 'Exec', 'Get', 'Replace'),
  ]);
}
