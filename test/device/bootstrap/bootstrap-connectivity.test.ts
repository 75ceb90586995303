// The connectivity that a Client Provisioning document brings with its account: access points, proxies, and how they refer
// to each other (OMA ProvCont 1.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { applyBootstrap } from '../../../src/device/bootstrap/bootstrap-content.ts';
import { ManagementTree, readAccounts } from '../../../src/tree/index.ts';

const serverId = 'org.new';
const parm = (name: string, value: string): string => `<parm name="${name}" value="${value}"/>`;
const group = (type: string, ...inner: readonly string[]): string =>
  `<characteristic type="${type}">${inner.join('')}</characteristic>`;
const auth = (type: string, kind: string, name: string): string =>
  group(type, parm('AUTHTYPE', kind), parm('AUTHNAME', name), parm('AUTHSECRET', `${name} secret`));
const pxAuth = (kind: string, name: string): string =>
  group(
    'PXAUTHINFO',
    parm('PXAUTH-TYPE', kind),
    parm('PXAUTH-ID', name),
    parm('PXAUTH-PW', `${name} secret`),
  );
const napDef = (id: string, ...more: readonly string[]): string =>
  group('NAPDEF', parm('NAPID', id), parm('BEARER', 'GSM-GPRS'), parm('BEARER', 'GSM-CSD'), ...more);

/** The tree after a document with an account, and its account. */
async function applied(...parts: readonly string[]) {
  const tree = new ManagementTree();
  const application = (more: string): string =>
    group(
      'APPLICATION',
      parm('APPID', 'w7'),
      parm('PROVIDER-ID', serverId),
      parm('ADDR', 'https://dm.example.com/dm'),
      more,
      group('APPAUTH', parm('AAUTHLEVEL', 'APPSRV'), parm('AAUTHNAME', 'd1'), parm('AAUTHSECRET', 's')),
    );
  const [references = '', ...objects] = parts;
  const text = `<wap-provisioningdoc version="1.1">${objects.join('')}${application(references)}</wap-provisioningdoc>`;
  await tree.run((own) => applyBootstrap(own, utf8ToBytes(text), 'xml', 'add'));
  const [account] = readAccounts(tree);
  /** Leaves below a node, by their paths. */
  const leaves = (uri: string): Readonly<Record<string, unknown>> => {
    const found: Record<string, unknown> = {};
    const walk = (path: string): void => {
      const node = tree.node(path === '' ? uri : `${uri}/${path}`);
      for (const name of node?.children?.keys() ?? []) walk(path === '' ? name : `${path}/${name}`);
      if (node !== undefined && node.children === undefined) found[path] = node.value;
    };
    walk('');
    return found;
  };
  return { tree, account, leaves };
}

test('an access point has what the document says of it, its first bearer, and its secrets in order', async () => {
  const { tree, account, leaves } = await applied(
    parm('TO-NAPID', 'NAP1'),
    napDef(
      'NAP1',
      parm('NAME', 'Internet'),
      parm('NAP-ADDRESS', 'internet.example'),
      parm('NAP-ADDRTYPE', 'APN'),
      auth('NAPAUTHINFO', 'PAP', 'one'),
      auth('NAPAUTHINFO', 'CHAP', 'two'),
    ),
    napDef('BARE'),
  );
  assert.deepEqual(leaves('./NAP/NAP1'), {
    NAPID: 'NAP1',
    Name: 'Internet',
    NapAddr: 'internet.example',
    NapAddrTy: 'APN',
    BearerType: 'GSM-GPRS',
    'AuthInfo/1/AuthType': 'PAP',
    'AuthInfo/1/AuthName': 'one',
    'AuthInfo/1/AuthSecret': 'one secret',
    'AuthInfo/2/AuthType': 'CHAP',
    'AuthInfo/2/AuthName': 'two',
    'AuthInfo/2/AuthSecret': 'two secret',
  });
  assert.deepEqual(leaves('./NAP/BARE'), { NAPID: 'BARE', BearerType: 'GSM-GPRS' });
  assert.equal(account?.prefConRef, './NAP/NAP1');
  assert.deepEqual(tree.objects('urn:oma:mo:oma-connmo-nap'), ['./NAP/NAP1', './NAP/BARE']);
});

test('a proxy has its first physical one, with its port, else that of the logical one, and refers to its access point', async () => {
  const physical = (...inner: readonly string[]): string =>
    group('PXPHYSICAL', parm('PHYSICAL-PROXY-ID', 'P'), parm('PXADDR', '192.0.2.1'), ...inner);
  const port = (number: string): string => group('PORT', parm('PORTNBR', number));
  const { tree, account, leaves } = await applied(
    parm('TO-PROXY', 'FULL'),
    napDef('NAP1'),
    group(
      'PXLOGICAL',
      parm('PROXY-ID', 'FULL'),
      parm('NAME', 'Proxy'),
      pxAuth('HTTP-BASIC', 'px'),
      port('9201'),
      physical(parm('PXADDRTYPE', 'IPV4'), port('8080'), parm('TO-NAPID', 'NAP1')),
      physical(port('1')),
    ),
    group('PXLOGICAL', parm('PROXY-ID', 'LOGICAL'), port('9201'), physical(parm('TO-NAPID', 'KNOWN'))),
    group('PXLOGICAL', parm('PROXY-ID', 'BARE'), physical()),
    group('PXLOGICAL', parm('PROXY-ID', 'NONE')),
  );
  assert.deepEqual(leaves('./Proxy/FULL'), {
    ProxyID: 'FULL',
    Name: 'Proxy',
    Addr: '192.0.2.1',
    AddrType: 'IPV4',
    PortNbr: '8080',
    'ToConRef/1/ConRef': './NAP/NAP1',
    'AuthInfo/1/AuthType': 'HTTP-BASIC',
    'AuthInfo/1/AuthName': 'px',
    'AuthInfo/1/AuthSecret': 'px secret',
  });
  const { PortNbr, 'ToConRef/1/ConRef': reference } = leaves('./Proxy/LOGICAL');
  assert.deepEqual([PortNbr, reference], ['9201', 'KNOWN'], 'a name that only the device knows stays');
  assert.deepEqual(Object.keys(leaves('./Proxy/BARE')).sort(), ['Addr', 'ProxyID'].sort());
  assert.deepEqual(leaves('./Proxy/NONE'), { ProxyID: 'NONE' });
  assert.equal(account?.prefConRef, './Proxy/FULL');
  assert.deepEqual(tree.objects('urn:oma:mo:oma-connmo-proxy'), [
    './Proxy/FULL',
    './Proxy/LOGICAL',
    './Proxy/BARE',
    './Proxy/NONE',
  ]);
});

test('a reference to what the document does not bring stays as it is; proxies and access points are told apart', async () => {
  const { account } = await applied(
    parm('TO-PROXY', 'NAP1') + parm('TO-NAPID', 'ELSEWHERE') + parm('TO-NAPID', 'NAP1'),
    napDef('NAP1'),
  );
  assert.deepEqual([account?.prefConRef, ...(account?.toConRefs ?? [])].sort(), [
    './NAP/NAP1',
    'ELSEWHERE',
    'NAP1',
  ]);
});

test('the name of a node is made of an identifier as far as it can be: 32 characters of it', async () => {
  const { leaves } = await applied('', napDef(`${'x'.repeat(32)}y`), napDef('a b'), napDef('a/b'));
  assert.equal(leaves(`./NAP/${'x'.repeat(32)}`).NAPID, `${'x'.repeat(32)}y`);
  assert.equal(leaves('./NAP/a_b').NAPID, 'a b');
  assert.equal(leaves('./NAP/a_b_2').NAPID, 'a/b');
});
