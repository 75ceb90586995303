// Provisioning documents as a push carries them: WBXML, or XML as text.
import { utf8ToBytes } from '../../core/index.ts';
import {
  decodeWbxml,
  encodeWbxml,
  provisioningPublicId,
  type WbxmlLimits,
  type WbxmlVersion,
} from '../wbxml/index.ts';
import { readXml, writeXml, type XmlElement } from '../xml/index.ts';
import type { Characteristic, ProvisioningDocument } from './document.ts';
import { parseProvisioning } from './parse.ts';

/** The two encodings of a provisioning document. */
export type ProvisioningForm = 'wbxml' | 'xml';

/** How to write a document. */
export interface WriteProvisioningOptions {
  /** WBXML version. Default `1.3`, which is what the specification's examples have. */
  readonly version?: WbxmlVersion;
  /** True puts repeated values into the string table. Default false. */
  readonly stringTable?: boolean;
}

/**
 * Reads a provisioning document. A DOCTYPE that names the document type is accepted in XML and never fetched.
 * @throws {DecodeError} what is wrong, and where
 */
export function readProvisioning(
  bytes: Uint8Array,
  form: ProvisioningForm,
  limits: Partial<WbxmlLimits> = {},
): ProvisioningDocument {
  const root =
    form === 'wbxml'
      ? decodeWbxml(bytes, { language: 'provisioning', limits }).root
      : readXml(bytes, { doctype: 'ignore', limits });
  return parseProvisioning(root);
}

/** Octets of the document in that encoding. @throws {ValueError} when a value cannot be carried */
export function writeProvisioning(
  document: ProvisioningDocument,
  form: ProvisioningForm,
  options: WriteProvisioningOptions = {},
): Uint8Array {
  const root = buildProvisioning(document);
  if (form === 'xml') return utf8ToBytes(writeXml(root, { declaration: true }));
  const { version = '1.3', stringTable = false } = options;
  return encodeWbxml(root, { version, stringTable, publicId: provisioningPublicId });
}

/** The document as an element. */
export function buildProvisioning({ version, characteristics }: ProvisioningDocument): XmlElement {
  return made('wap-provisioningdoc', { version }, characteristics.map(buildCharacteristic));
}

function buildCharacteristic({ type, parms, characteristics }: Characteristic): XmlElement {
  return made('characteristic', { type }, [
    ...parms.map(({ name, value }) => made('parm', { name, value }, [])),
    ...characteristics.map(buildCharacteristic),
  ]);
}

function made(
  name: string,
  values: Readonly<Record<string, string | undefined>>,
  children: readonly XmlElement[],
): XmlElement {
  const attributes = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: key, namespace: '', value }],
  );
  return { name, namespace: '', attributes, children };
}
