// The DM messages that codecs are measured with: a server's, of some 3 kB as XML, with a DOCTYPE as many write one.

/** By name: a management tree inline in Data, the same as text in a CDATA section, and ten Replace commands. */
export const dmDocuments = {
  inline: message(add(tree(' xmlns="syncml:dmddf1.2"'))),
  text: message(add(`<![CDATA[${tree('')}]]>`)),
  replace: message(Array.from({ length: 10 }, (_, at) => replace(at)).join('')),
} as const;

/** A message with a tree of 13 leaves inline, 3.8 kB: what signatures are measured with. */
export const dmSignedDocument: string = message(add(tree(' xmlns="syncml:dmddf1.2"', 13)));

/** A name of one of the messages. */
export type DmDocumentName = keyof typeof dmDocuments;

function message(commands: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "http://www.openmobilealliance.org/tech/DTD/OMA-SyncML-RepPro-DTD-V1_2.dtd"><SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1234</SessionID><MsgID>1</MsgID><Target><LocURI>IMEI:493005100592800</LocURI></Target><Source><LocURI>com.mgmtsrv.manage</LocURI></Source><Meta><MaxMsgSize xmlns="syncml:metinf">16000</MaxMsgSize></Meta></SyncHdr><SyncBody>${commands}<Final/></SyncBody></SyncML>`;
}

function meta(format: string, type: string): string {
  return `<Meta><Format xmlns="syncml:metinf">${format}</Format><Type xmlns="syncml:metinf">${type}</Type></Meta>`;
}

function add(data: string): string {
  return `<Add><CmdID>1</CmdID><Item><Target><LocURI>./Inbox</LocURI></Target>${meta('xml', 'application/vnd.syncml.dmtnds+xml')}<Data>${data}</Data></Item></Add>`;
}

function replace(at: number): string {
  return `<Replace><CmdID>${at + 1}</CmdID><Item><Target><LocURI>./DevDetail/Ext/Bench/Pref${at}</LocURI></Target>${meta('chr', 'text/plain')}<Data>value-${at}-of-the-subtree</Data></Item></Replace>`;
}

/** A DM account with so many leaves. */
function tree(namespace: string, count = 10): string {
  const leaves = [
    leaf('AppID', 'chr', 'w7'),
    leaf('ServerID', 'chr', 'com.mgmtsrv.manage'),
    leaf('Name', 'chr', 'Bench DM server'),
    ...Array.from({ length: count - 3 }, (_, at) =>
      at % 2 === 1
        ? leaf(`Pref${at}`, 'int', `${1000 + at}`)
        : leaf(`Pref${at}`, 'chr', `value-${at}-of-the-subtree`),
    ),
  ].join('');
  return `<MgmtTree${namespace}><VerDTD>1.2</VerDTD><Node><NodeName>DMAcc01</NodeName><Path>./DMAcc</Path><RTProperties><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-dm-dmacc:1.0</DDFName></Type></RTProperties>${leaves}</Node></MgmtTree>`;
}

function leaf(name: string, format: string, value: string): string {
  return `<Node><NodeName>${name}</NodeName><RTProperties><ACL>Get=com.mgmtsrv.manage&amp;Replace=com.mgmtsrv.manage</ACL><Format><${format}/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;
}
