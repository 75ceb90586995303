// The elements that are open, and what is put into them.
import { isElement, type XmlAttribute, type XmlElement, type XmlNode } from '../document/element.ts';

/** An element while its content is read. */
interface OpenElement extends XmlElement {
  children: readonly XmlNode[];
}

const noChildren: readonly XmlNode[] = Object.freeze([]);

/** Elements within one another, the root first. */
export class OpenElements {
  /** The root, once it has ended. */
  root: XmlElement | undefined;
  readonly #elements: OpenElement[] = [];
  readonly #spelled: string[] = [];
  readonly #dropsSpace: boolean;

  /** `dropsSpace` leaves out text of white space only where elements stand beside it. */
  constructor(dropsSpace: boolean) {
    this.#dropsSpace = dropsSpace;
  }

  /** How many are open. */
  get depth(): number {
    return this.#elements.length;
  }

  /** The name of the innermost as its start tag spells it; `undefined` when none is open. */
  get spelled(): string | undefined {
    return this.#spelled.at(-1);
  }

  /** Opens an element within the innermost. */
  open(spelled: string, name: string, namespace: string, attributes: readonly XmlAttribute[]): void {
    this.#spelled.push(spelled);
    this.#elements.push({ name, namespace, attributes, children: noChildren });
  }

  /** Ends the innermost, of which there must be one, and puts it where it belongs. */
  close(): XmlElement {
    this.#spelled.pop();
    const closed = this.#elements.pop();
    if (closed === undefined) throw new RangeError('no element is open');
    if (this.#dropsSpace && closed.children.some(isElement)) {
      closed.children = closed.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
    }
    const parent = this.#elements.at(-1);
    if (parent === undefined) this.root = closed;
    else append(parent, closed);
    return closed;
  }

  /** Text at the end of the innermost; it goes on what text is there. */
  addText(text: string): void {
    const parent = this.#elements.at(-1);
    if (parent === undefined || text === '') return;
    const last = parent.children.at(-1);
    if (typeof last === 'string') (parent.children as XmlNode[])[parent.children.length - 1] = last + text;
    else append(parent, text);
  }

  /** The root as far as it goes, which only its last child may lack something of; `undefined` when there is none. */
  beginning(): XmlElement | undefined {
    const [root, child] = this.#elements;
    if (root !== undefined && child !== undefined) append(root, child);
    return root;
  }
}

/** Most elements have one child or none: the first makes a list of one, without room for more. */
function append(parent: OpenElement, child: XmlNode): void {
  if (parent.children.length === 0) parent.children = [child];
  else (parent.children as XmlNode[]).push(child);
}
