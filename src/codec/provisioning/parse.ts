// Elements to a provisioning document, strictly: what is not of the document type is an error. Attributes that vendors add
// are ignored.
import { DecodeError } from '../../core/index.ts';
import { isElement, type XmlElement } from '../xml/index.ts';
import { type Characteristic, type Parm, type ProvisioningDocument, provisioningDoc } from './document.ts';

/** The document that the element stands for. @throws {DecodeError} BAD_VALUE with a path such as `APPLICATION[0].parm[2]` */
export function parseProvisioning(root: XmlElement): ProvisioningDocument {
  if (root.name !== 'wap-provisioningdoc') {
    const shown = JSON.stringify(root.name.slice(0, 80));
    throw badProvisioning('', `the document element is ${shown}, not wap-provisioningdoc`);
  }
  const version = attribute(root, 'version');
  const { parms, characteristics } = contentOf(root, '');
  if (parms.length > 0) throw badProvisioning('parm[0]', 'stands outside a characteristic');
  return version === undefined ? { characteristics } : { version, characteristics };
}

/** An error of a peer's provisioning document. Elements carry no offsets, so the path says where. */
export function badProvisioning(path: string, detail: string): DecodeError {
  const at = { path, offset: 0, bit: 0 };
  return new DecodeError('BAD_VALUE', detail, at, { doc: provisioningDoc, section: '' });
}

function contentOf(parent: XmlElement, path: string): Pick<Characteristic, 'parms' | 'characteristics'> {
  const parms: Parm[] = [];
  const characteristics: Characteristic[] = [];
  const counts = new Map<string, number>();
  const within = (step: string) => (path === '' ? step : `${path}.${step}`);
  for (const child of parent.children) {
    if (!isElement(child)) {
      if (typeof child === 'string' && child.trim() === '') continue;
      throw badProvisioning(path, 'holds text');
    }
    switch (child.name) {
      case 'parm':
        parms.push(parseParm(child, within(`parm[${parms.length}]`)));
        break;
      case 'characteristic': {
        const type = required(child, 'type', within('characteristic'));
        const count = counts.get(type) ?? 0;
        counts.set(type, count + 1);
        characteristics.push({ type, ...contentOf(child, within(`${type.slice(0, 40)}[${count}]`)) });
        break;
      }
      default:
        throw badProvisioning(path, `holds ${JSON.stringify(child.name.slice(0, 80))}`);
    }
  }
  return { parms, characteristics };
}

function parseParm(element: XmlElement, path: string): Parm {
  const name = required(element, 'name', path);
  const value = attribute(element, 'value');
  if (element.children.some((child) => typeof child !== 'string' || child.trim() !== '')) {
    throw badProvisioning(path, 'must be empty');
  }
  return value === undefined ? { name } : { name, value };
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((one) => one.name === name && one.namespace === '')?.value;
}

function required(element: XmlElement, name: string, path: string): string {
  const value = attribute(element, name);
  if (value === undefined || value === '') throw badProvisioning(path, `has no ${name}`);
  return value;
}
