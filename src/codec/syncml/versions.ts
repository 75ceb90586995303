// Versions of the representation and of the protocol: which are spoken here, and what a document of each looks like.
import { isElement, namespaces, type XmlElement, type XmlNode } from '../xml/index.ts';
import { statusCodes } from './codes.ts';
import type { SyncHdr } from './message.ts';

/** The status of failure for versions that are not spoken here; `undefined` when they are (DM-REPPRO-1.2). */
export function versionFailure({
  verDtd,
  verProto,
}: Pick<SyncHdr, 'verDtd' | 'verProto'>): 505 | 513 | undefined {
  if (!/^\s*DM\/1\.[1-3]\s*$/.test(verProto)) return statusCodes.protocolVersionNotSupported;
  return /^\s*1\.[12]\s*$/.test(verDtd) ? undefined : statusCodes.dtdVersionNotSupported;
}

/**
 * The document in the version that its header names: DM 1.1 has a namespace of its own, by which WBXML chooses its public
 * identifier, and no Correlator. Any other version is left as it is, in 1.2.
 */
export function inVersion(root: XmlElement, verDtd: string): XmlElement {
  return verDtd.trim() === '1.1' ? inNamespace11(root) : root;
}

function inNamespace11(element: XmlElement): XmlElement {
  const { namespace, children } = element;
  if (namespace !== namespaces.syncml) return element;
  return {
    ...element,
    namespace: 'SYNCML:SYNCML1.1',
    children: children.flatMap((child): XmlNode[] => {
      if (!isElement(child)) return [child];
      return child.name === 'Correlator' && child.namespace === namespaces.syncml
        ? []
        : [inNamespace11(child)];
    }),
  };
}
