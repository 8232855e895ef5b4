// Which values the chart is rendered with for its tests, and what a rendering was made of.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const RENDERINGS = [
  ['defaults', ['--set', 'secret.name=cml-fleet']],
  ['everything', ['--values', join(import.meta.dirname, '../deploy/helm/cml-fleet/values.everything.yaml')]],
];

/** Over all files of the chart: a rendering of other files is out of date. */
export function chartHash(chart) {
  const files = readdirSync(chart, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path.slice(chart.length)}\n`).update(readFileSync(path));
  return hash.digest('hex');
}
