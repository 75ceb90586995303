// Attribute tokens of Client Provisioning (OMA-WAP-ProvCont-1.1, WBXML definition). Names stand in the order of their
// tokens; `-` is a token that is not assigned.
import { type AttributePage, AttributeSpace, type AttributeStart } from './attribute-pages.ts';

/** Consecutive tokens from `first` on. */
interface Row<Key extends string> {
  readonly attribute: Key;
  readonly first: number;
  readonly texts: string;
}

/** Tokens of `parm name="…"`, `characteristic type="…"`, and of values. */
const pages: readonly (readonly Row<'name' | 'type' | 'version' | 'value'>[])[] = [
  [
    {
      attribute: 'name',
      first: 0x07,
      texts: `NAME NAP-ADDRESS NAP-ADDRTYPE CALLTYPE VALIDUNTIL AUTHTYPE AUTHNAME AUTHSECRET LINGER BEARER NAPID COUNTRY
        NETWORK INTERNET PROXY-ID PROXY-PROVIDER-ID DOMAIN PROVURL PXAUTH-TYPE PXAUTH-ID PXAUTH-PW STARTPAGE BASAUTH-ID
        BASAUTH-PW PUSHENABLED PXADDR PXADDRTYPE TO-NAPID PORTNBR SERVICE LINKSPEED DNLINKSPEED LOCAL-ADDR LOCAL-ADDRTYPE
        CONTEXT-ALLOW TRUST MASTER SID SOC WSP-VERSION PHYSICAL-PROXY-ID CLIENT-ID DELIVERY-ERR-SDU DELIVERY-ORDER
        TRAFFIC-CLASS MAX-SDU-SIZE MAX-BITRATE-UPLINK MAX-BITRATE-DNLINK RESIDUAL-BER SDU-ERROR-RATIO TRAFFIC-HANDL-PRIO
        TRANSFER-DELAY GUARANTEED-BITRATE-UPLINK GUARANTEED-BITRATE-DNLINK PXADDR-FQDN PROXY-PW PPGAUTH-TYPE`,
    },
    { attribute: 'version', first: 0x46, texts: '1.0' },
    {
      attribute: 'name',
      first: 0x47,
      texts: `PULLENABLED DNS-ADDR MAX-NUM-RETRY FIRST-RETRY-TIMEOUT REREG-THRESHOLD T-BIT - AUTH-ENTITY SPI`,
    },
    {
      attribute: 'type',
      first: 0x51,
      texts: `PXLOGICAL PXPHYSICAL PORT VALIDITY NAPDEF BOOTSTRAP VENDORCONFIG CLIENTIDENTITY PXAUTHINFO NAPAUTHINFO ACCESS`,
    },
    { attribute: 'value', first: 0x85, texts: 'IPV4 IPV6 E164 ALPHA APN SCODE TETRA-ITSI MAN' },
    {
      attribute: 'value',
      first: 0x90,
      texts: 'ANALOG-MODEM V.120 V.110 X.31 BIT-TRANSPARENT DIRECT-ASYNCHRONOUS-DATA-SERVICE',
    },
    { attribute: 'value', first: 0x9a, texts: 'PAP CHAP HTTP-BASIC HTTP-DIGEST WTLS-SS MD5' },
    {
      attribute: 'value',
      first: 0xa2,
      texts: `GSM-USSD GSM-SMS ANSI-136-GUTS IS-95-CDMA-SMS IS-95-CDMA-CSD IS-95-CDMA-PACKET ANSI-136-CSD ANSI-136-GPRS
        GSM-CSD GSM-GPRS AMPS-CDPD PDC-CSD PDC-PACKET IDEN-SMS IDEN-CSD IDEN-PACKET FLEX/REFLEX PHS-SMS PHS-CSD TETRA-SDS
        TETRA-PACKET ANSI-136-GHOST MOBITEX-MPAK CDMA2000-1X-SIMPLE-IP CDMA2000-1X-MOBILE-IP`,
    },
    { attribute: 'value', first: 0xc5, texts: 'AUTOBAUDING' },
    {
      attribute: 'value',
      first: 0xca,
      texts: `CL-WSP CO-WSP CL-SEC-WSP CO-SEC-WSP CL-SEC-WTA CO-SEC-WTA OTA-HTTP-TO OTA-HTTP-TLS-TO OTA-HTTP-PO
        OTA-HTTP-TLS-PO`,
    },
    { attribute: 'value', first: 0xe0, texts: 'AAA HA' },
  ],
  [
    { attribute: 'name', first: 0x07, texts: 'NAME' },
    { attribute: 'name', first: 0x14, texts: 'INTERNET' },
    { attribute: 'name', first: 0x1c, texts: 'STARTPAGE' },
    { attribute: 'name', first: 0x22, texts: 'TO-NAPID PORTNBR SERVICE' },
    {
      attribute: 'name',
      first: 0x2e,
      texts: `AACCEPT AAUTHDATA AAUTHLEVEL AAUTHNAME AAUTHSECRET AAUTHTYPE ADDR ADDRTYPE APPID APROTOCOL PROVIDER-ID TO-PROXY
        URI RULE`,
    },
    { attribute: 'type', first: 0x53, texts: 'PORT - APPLICATION APPADDR APPAUTH CLIENTIDENTITY RESOURCE' },
    { attribute: 'value', first: 0x86, texts: 'IPV6 E164 ALPHA' },
    { attribute: 'value', first: 0x8d, texts: 'APPSRV OBEX' },
    { attribute: 'value', first: 0x90, texts: ', HTTP- BASIC DIGEST' },
  ],
];

/** Attribute pages 0 and 1 of Client Provisioning. */
export const provisioningAttributes = new AttributeSpace(
  pages.map((rows, page): AttributePage => {
    const starts = new Map<number, AttributeStart>([
      [0x05, { name: 'name', value: '' }],
      [0x06, { name: 'value', value: '' }],
      [0x50, { name: 'type', value: '' }],
    ]);
    if (page === 0) starts.set(0x45, { name: 'version', value: '' });
    const values = new Map<number, string>();
    for (const { attribute, first, texts } of rows) {
      for (const [index, text] of texts.split(/\s+/).entries()) {
        if (text === '-') continue;
        if (attribute === 'value') values.set(first + index, text);
        else starts.set(first + index, { name: attribute, value: text });
      }
    }
    return { starts, values };
  }),
);
