import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { type EventClass } from '../src/event-store/event-decoder';

const SRC = join(__dirname, '../src');

/** Members by whose name one must ask whether a viewer of the events may see them. URLs can carry credentials. */
const SUSPICIOUS =
  /hash|userData|secret|token|passw|passphrase|credential|private(?!Ip$)|authori[sz]ation|cookie|signature|keys?$|ur[li]s?$/i;

/** Suspicious by their names only. */
const HARMLESS = [
  // makes a repetition of a launch the same one for EC2; it opens nothing
  'worker.launch-requested: request.clientToken',
  // where the token is kept, and its fingerprint
  'worker.license-updated: licenseToken',
  // a user name, and where the password is kept
  'worker.cml-credentials-updated: credentials',
  ...['created', 'token-replaced', 'seat-taken'].map((what) => `license-pool.${what}: token`),
  // of a tag
  'worker-request.made: tags.key',
  // where the vault keeps the token
  'worker-license.requested: wanted.tokenRef',
  // of a worker, by which the role is limited
  'role-binding.created: scope.tags.key',
  // a time: when Cisco's authorization ends
  'worker-license.renewed: authorizationExpires',
  // the key of a worker's tag
  'api-key.created: scope.tags.key',
  // where the secret is kept, and its fingerprint
  ...['webhook.created', 'webhook.secret-rotated'].flatMap((type) =>
    ['secretRef', 'secretFingerprint', 'previousSecretRef'].map((member) => `${type}: ${member}`),
  ),
];

interface FoundClass {
  readonly type: string;
  readonly hidden: readonly string[];
  /** paths of all members that are declared, `request.clientToken` */
  readonly members: readonly string[];
}

describe('what events show to the outside', () => {
  const classes = eventClasses();

  it('is known of every class of events that src has', () => {
    const types = classes.map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(['worker.created', 'api-key.created', 'installation.created']),
    );
    expect(new Set(types).size).toBeGreaterThan(26);
    expect(classes.find(({ type }) => type === 'worker.launch-requested')?.members).toContain(
      'request.amiId',
    );
  });

  it('has no member with the name of a secret', () => {
    const shown = classes.flatMap(({ type, hidden, members }) =>
      members
        .filter((path) => SUSPICIOUS.test(path) && !hidden.some((it) => `${path}.`.startsWith(`${it}.`)))
        .map((path) => `${type}: ${path}`),
    );
    expect(shown.filter((member) => !HARMLESS.some((known) => member.startsWith(known)))).toEqual([]);
  });

  it('lacks only members that are there', () => {
    const unknown = classes.flatMap(({ type, hidden, members }) =>
      hidden.filter((name) => !members.includes(name)).map((name) => `${type}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(classes.find(({ type }) => type === 'api-key.created')?.hidden).toEqual(['hash']);
  });
});

/** By the compiler, since types are gone at run time. */
function eventClasses(): FoundClass[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/[.](spec|contract)[.]ts$|testing\//.test(name))
    .map((name) => join(SRC, name))
    .filter((file) => /extends eventOf\(/.test(readFileSync(file, 'utf8')));
  const program = ts.createProgram(files, { strict: true, skipLibCheck: true, noEmit: true, types: [] });
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} was not read`);
    return source.statements
      .filter((node) => ts.isClassDeclaration(node))
      .filter((node) => node.heritageClauses?.some((clause) => clause.getText().includes('eventOf(')))
      .map((node) => {
        const data = checker.getTypeAtLocation(node).getProperty('data');
        if (!data) throw new Error(`${relative(SRC, file)}: an event without data`);
        const members = membersOf(checker.getTypeOfSymbol(data), checker);
        return { ...loaded(file, node.name?.text ?? ''), members };
      });
  });
}

function loaded(file: string, name: string): { type: string; hidden: readonly string[] } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const Class = (require(file) as Record<string, EventClass | undefined>)[name];
  if (!Class) throw new Error(`${name} of ${relative(SRC, file)} is not exported`);
  return { type: Class.type, hidden: new Class('', {}).hidden };
}

function membersOf(type: ts.Type, checker: ts.TypeChecker, above = ''): string[] {
  return checker.getPropertiesOfType(type).flatMap((symbol) => {
    const path = above + symbol.name;
    return [
      path,
      ...partsOf(checker.getTypeOfSymbol(symbol)).flatMap((part) => membersOf(part, checker, `${path}.`)),
    ];
  });

  /** The objects of our own in a member: of a union each, of an array its items. */
  function partsOf(member: ts.Type): ts.Type[] {
    if (member.isUnionOrIntersection()) return member.types.flatMap(partsOf);
    if (checker.isArrayType(member))
      return checker.getTypeArguments(member as ts.TypeReference).flatMap(partsOf);
    const isOurs = member.symbol?.declarations?.some((node) => node.getSourceFile().fileName.startsWith(SRC));
    return isOurs ? [member] : [];
  }
}
