// Fails on known weaknesses, high or critical, in what is delivered. A registry that keeps no advisories, or is out of
// reach, leaves it unknown: that is said, and fails with --strict, as before a release.
// node scripts/check-audit.mjs [--strict] [further options of npm audit]
import { spawnSync } from 'node:child_process';

const strict = process.argv.includes('--strict');
const further = process.argv.slice(2).filter((option) => option !== '--strict');
const npm = spawnSync('npm', ['audit', '--json', '--omit=dev', ...further], { encoding: 'utf8' });
const report = parsed(npm.stdout);
const counts = report?.metadata?.vulnerabilities;

if (!counts) {
  console.error(
    `unknown: the audit was not answered: ${report?.message ?? report?.error?.summary ?? npm.stderr}`,
  );
  process.exit(strict ? 1 : 0);
}
const bad = Object.values(report.vulnerabilities).filter(({ severity }) =>
  ['high', 'critical'].includes(severity),
);
for (const { name, severity, range, via } of bad) {
  console.error(`${severity}: ${name} ${range}: ${via.map((cause) => cause.title ?? cause).join('; ')}`);
}
console.log(`${counts.total} known weaknesses, ${bad.length} of them high or critical`);
process.exit(bad.length > 0 ? 1 : 0);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
