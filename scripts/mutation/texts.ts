// Texts for people are no behaviour that a test should hold word by word: they are left out of the mutants by rule, and
// nothing else is: what a log, an error or the help is given, and every sentence of three words or more. Names of states,
// events, fields and statuses are texts too, and stay in, and so does SQL.

/** What is looked at of a node of the syntax tree (Babel's). */
interface Node {
  readonly type: string;
  readonly callee?: Node;
  readonly name?: string;
  readonly property?: Node;
  readonly key?: Node;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}
interface Path {
  readonly node: Node;
  readonly parentPath: Path | null;
}

/** Calls whose texts are for people: loggers, and the help of commands. */
const callsForPeople =
  /^(?:trace|debug|info|warn|error|fatal|summary|description|option|requiredOption|argument|addHelpText)$/;
/** Properties whose texts are for people: descriptions of the API, remarks, remedies. */
const propertiesForPeople = /^(?:summary|description|detail|title|remedy|message|explanation)$/;
const errors = /(?:Error|Problem)$/;
/** Three words in a row. */
const sentence = /[A-Za-z]+,? [A-Za-z]+,? [A-Za-z]+/;

/** For the instrumenter: says why a text is left out. */
export const textIgnorer = {
  shouldIgnore(path: unknown): string | undefined {
    const { node, parentPath } = path as Path;
    if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return undefined;
    if (parentPath?.node.type !== 'TaggedTemplateExpression' && sentence.test(textOf(node)))
      return 'a sentence';
    for (let at = parentPath; at !== null; at = at.parentPath) {
      const { type, callee, key } = at.node;
      if (type === 'NewExpression' && errors.test(nameOf(callee))) return 'text of an error';
      if (type === 'CallExpression' && callsForPeople.test(nameOf(callee))) return 'text of a log or of help';
      if (type === 'ObjectProperty' && propertiesForPeople.test(nameOf(key))) return 'text for people';
      if (type.endsWith('Statement') || type.endsWith('Declaration') || type.includes('Function'))
        return undefined;
    }
    return undefined;
  },
};

/** What a text says; a word stands for each value that is put in. */
function textOf({ value, quasis = [] }: Node): string {
  return typeof value === 'string' ? value : quasis.map(({ value: { raw } }) => raw).join('word');
}

/** Name of an identifier, or of the property that a member expression names. */
function nameOf(node: Node | undefined): string {
  return node?.type === 'MemberExpression' ? nameOf(node.property) : (node?.name ?? '');
}
