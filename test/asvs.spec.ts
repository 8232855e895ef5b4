import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..');

/** The requirements of level 2 in ASVS 4.0.3, by section; those that it has deleted, and those of level 3, are left out. */
const LEVEL_2: Readonly<Record<string, readonly number[]>> = {
  ...{
    'V1.1': upTo(7),
    'V1.2': upTo(4),
    'V1.4': [1, 4, 5],
    'V1.5': upTo(4),
    'V1.6': upTo(4),
    'V1.7': upTo(2),
  },
  ...{ 'V1.8': upTo(2), 'V1.9': upTo(2), 'V1.10': [1], 'V1.11': upTo(2), 'V1.12': [2], 'V1.14': upTo(6) },
  ...{
    'V2.1': upTo(12),
    'V2.2': upTo(3),
    'V2.3': upTo(3),
    'V2.4': upTo(5),
    'V2.5': upTo(7),
    'V2.6': upTo(3),
  },
  ...{ 'V2.7': upTo(6), 'V2.8': upTo(7), 'V2.9': upTo(3), 'V2.10': upTo(4) },
  ...{ 'V3.1': [1], 'V3.2': upTo(4), 'V3.3': upTo(4), 'V3.4': upTo(5), 'V3.5': upTo(3), 'V3.7': [1] },
  ...{ 'V4.1': [1, 2, 3, 5], 'V4.2': upTo(2), 'V4.3': upTo(3) },
  ...{ 'V5.1': upTo(5), 'V5.2': upTo(8), 'V5.3': upTo(10), 'V5.4': upTo(3), 'V5.5': upTo(4) },
  ...{ 'V6.1': upTo(3), 'V6.2': upTo(6), 'V6.3': upTo(2), 'V6.4': upTo(2) },
  ...{ 'V7.1': upTo(4), 'V7.2': upTo(2), 'V7.3': [1, 3, 4], 'V7.4': upTo(3) },
  ...{ 'V8.1': upTo(4), 'V8.2': upTo(3), 'V8.3': upTo(8), 'V9.1': upTo(3), 'V9.2': upTo(4) },
  ...{ 'V10.2': upTo(2), 'V10.3': upTo(3), 'V11.1': upTo(8) },
  ...{ 'V12.1': upTo(3), 'V12.2': [1], 'V12.3': upTo(6), 'V12.4': upTo(2), 'V12.5': upTo(2), 'V12.6': [1] },
  ...{ 'V13.1': [1, 3, 4, 5], 'V13.2': [1, 2, 3, 5, 6], 'V13.3': upTo(2), 'V13.4': upTo(2) },
  ...{ 'V14.1': upTo(4), 'V14.2': upTo(6), 'V14.3': [2, 3], 'V14.4': upTo(7), 'V14.5': upTo(4) },
};
/** What may stand where no test does; the sentence after it tells why. */
const REASON = /^(not applicable|not met|no test): \S.{9,}/;

interface Line {
  readonly numbers: readonly string[];
  readonly cells: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  readonly reasons: readonly string[];
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}

/** `V2.1.1–12` stands for all from 1 to 12. */
function numbersOf(cell: string): string[] {
  const [, section, first, last = first] = /^(V\d+\.\d+)\.(\d+)(?:–(\d+))?$/.exec(cell) ?? [];
  if (section === undefined) throw new Error(`no number of ASVS: ${cell}`);
  return upTo(Number(last))
    .slice(Number(first) - 1)
    .map((number) => `${section}.${number}`);
}

/** The lines of the table: number, what it asks, how it is met, and by what that is shown. */
function linesOf(markdown: string): Line[] {
  const rows = markdown.split('\n').filter((row) => row.startsWith('| V'));
  return rows.map((row) => {
    const cells = row.split('|').slice(1, -1);
    const [number = '', asks = '', how = '', shown = ''] = cells.map((cell) => cell.trim());
    const parts = shown.split('<br>').map((part) => part.trim());
    const tests = parts.flatMap((part) => {
      const [, file, name] = /^`(\S+) › (.+)`$/.exec(part) ?? [];
      return file !== undefined && name !== undefined ? [{ file, name }] : [];
    });
    const reasons = parts.filter((part) => !part.startsWith('`'));
    return { numbers: numbersOf(number), cells: [asks, how, shown], tests, reasons };
  });
}

const CALLED = ['it', 'test', 'describe'];
const names = new Map<string, ReadonlySet<string>>();

/** The names of the tests of a file, as they stand in its source. */
function namesIn(file: string): ReadonlySet<string> {
  const known = names.get(file);
  if (known) return known;
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const [name] = ts.isCallExpression(node) ? node.arguments : [];
    if (
      ts.isCallExpression(node) &&
      name &&
      CALLED.includes(/^\w+/.exec(node.expression.getText())?.[0] ?? '')
    ) {
      if (ts.isStringLiteralLike(name)) found.add(name.text);
      else if (ts.isTemplateExpression(name)) found.add(name.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true));
  names.set(file, found);
  return found;
}

function faultsOf({ numbers: [number = ''], cells, tests, reasons }: Line): string[] {
  const named = tests.flatMap(({ file, name }) => {
    if (!/\.(spec|contract)\.ts$/.test(file) || !existsSync(join(ROOT, file)))
      return [`no file of tests: ${file}`];
    return namesIn(file).has(name) ? [] : [`no test of this name: ${file} › ${name}`];
  });
  const unclear = reasons.filter((reason) => !REASON.test(reason)).map((reason) => `no reason: ${reason}`);
  const bare = tests.length + reasons.length === 0 ? ['neither test nor reason'] : [];
  const empty = cells.some((cell) => cell === '') ? ['an empty cell'] : [];
  return [...named, ...unclear, ...bare, ...empty].map((fault) => `${number}: ${fault}`);
}

describe('the table of ASVS', () => {
  const lines = linesOf(readFileSync(join(ROOT, 'docs/asvs.md'), 'utf8'));
  const numbers = lines.flatMap((line) => line.numbers);

  it('has each requirement of level 2 once, in order', () => {
    const all = Object.entries(LEVEL_2).flatMap(([section, each]) =>
      each.map((number) => `${section}.${number}`),
    );
    expect(numbers).toEqual(all);
  });

  it('shows each by tests that are there, or says why there is none', () => {
    expect(lines.flatMap(faultsOf)).toEqual([]);
  });

  it('begins with how many there are of each kind', () => {
    const text = readFileSync(join(ROOT, 'docs/asvs.md'), 'utf8');
    const count = (holds: (line: Line) => boolean) =>
      lines.filter(holds).flatMap((line) => line.numbers).length;
    const because = (word: string) => (line: Line) => line.reasons.some((reason) => reason.startsWith(word));
    const told = [
      `${numbers.length} requirements`,
      `${count(({ tests }) => tests.length > 0)} are shown by tests`,
      `${count((line) => because('not applicable')(line) && line.tests.length === 0)} do not apply`,
      `${count(because('not met'))} are not met, or not wholly`,
    ];
    expect(told.filter((words) => !text.includes(words))).toEqual([]);
  });
});

describe('the check of the table', () => {
  const row = (shown: string) => `| V5.1.1 | asks | how | ${shown} |`;
  const faults = (shown: string) => linesOf(row(shown)).flatMap(faultsOf);

  it.each([
    ['`test/asvs.spec.ts › has each requirement of level 2 once, in order`', 0],
    ['not applicable: there are no cookies', 0],
    ['`test/asvs.spec.ts › has each requirement`', 1],
    ['`test/none.spec.ts › has each requirement of level 2 once, in order`', 1],
    ['`README.md › has each requirement of level 2 once, in order`', 1],
    ['yes', 1],
    ['not met:', 1],
    ['', 2],
  ])('finds in %j so many faults: %i', (shown, count) => {
    expect(faults(shown)).toHaveLength(count);
  });
});
