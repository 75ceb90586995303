// Where in a message an element stands, spelled only when an error needs it.

/** One step below `parent`; the root has no parent and no name. */
export class ElementPath {
  readonly #parent: ElementPath | undefined;
  readonly #name: string;
  readonly #index: number | undefined;

  /** `index` counts elements of one name under one parent from 0; absent where there is only one. */
  constructor(name: string, parent?: ElementPath, index?: number) {
    this.#name = name;
    this.#parent = parent;
    this.#index = index;
  }

  child(name: string, index?: number): ElementPath {
    return new ElementPath(name, this, index);
  }

  /** Such as `SyncBody.Replace[2].Item[0]`. */
  toString(): string {
    const above = this.#parent?.toString() ?? '';
    const step = this.#index === undefined ? this.#name : `${this.#name}[${this.#index}]`;
    return above === '' ? step : `${above}.${step}`;
  }
}
