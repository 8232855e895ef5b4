import { type CrashReport } from './crash-run';

/** A table of what a run did and found. */
export function printReport(title: string, { figures, faults }: CrashReport): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const rows = Object.entries(figures).map(
    ([name, figure]) => `  ${name.padEnd(width)}  ${String(figure).padStart(7)}`,
  );
  const found = faults.length > 0 ? faults.map((fault) => `  ${fault}`) : ['  nothing is wrong'];
  process.stdout.write(`\n${title}\n\n${[...rows, '', ...found].join('\n')}\n\n`);
}
