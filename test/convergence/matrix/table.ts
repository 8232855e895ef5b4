import { type Outcome } from './block';

/** How long what was wanted took once the fault was over, and how many calls the fault met, of each cell. */
export function tableOf(title: string, outcomes: readonly Outcome[]): string {
  const columns = [...new Set(outcomes.map(({ case: it }) => it.step.name))];
  const rowOf = ({ case: it }: Outcome): string => `${it.fault.name}${it.lost ? ' (answer lost)' : ''}`;
  const rows = [...new Set(outcomes.map(rowOf))];
  const cells = new Map(
    outcomes.map((outcome) => [`${rowOf(outcome)}|${outcome.case.step.name}`, cell(outcome)]),
  );
  const heads = columns.map((_, index) => String.fromCodePoint('A'.codePointAt(0)! + index));
  const width = Math.max(...rows.map(({ length }) => length));
  const line = (name: string, texts: readonly string[]): string =>
    `${name.padEnd(width)} ${texts.map((text) => text.padStart(8)).join('')}`;
  return [
    title,
    ...columns.map((name, index) => `  ${heads[index]}: ${name}`),
    '  minutes until all is as wanted / calls that were made meanwhile; + where a person had to ask again',
    line('', heads),
    ...rows.map((row) =>
      line(
        row,
        columns.map((name) => cells.get(`${row}|${name}`) ?? ''),
      ),
    ),
  ].join('\n');
}

function cell({ case: { minutes, calls, askedAgain }, wrong }: Outcome): string {
  if (wrong.length > 0) return 'WRONG';
  return `${Math.round(minutes ?? 0)}/${calls}${askedAgain > 0 ? '+' : ''}`;
}
