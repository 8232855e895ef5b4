// Fails on a package that is delivered with cml-fleet under a licence that Apache-2.0 cannot take in, or without one.
// node scripts/check-licences.mjs [folder with a package-lock.json]
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import satisfies from 'spdx-satisfies';

const ALLOWED = [
  ...['Apache-2.0', 'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['BlueOak-1.0.0', 'CC0-1.0', 'Python-2.0', 'Unlicense', 'Zlib'],
];

/** Old packages that name their licence in another member, or in a file only; read by a person. */
const READ = { 'busboy@1.6.0': 'MIT', 'streamsearch@1.1.0': 'MIT' };

const folder = resolve(process.argv[2] ?? '.');
const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
const delivered = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
const refused = delivered
  .map(([path, entry]) => ({ name: nameOf(path), licence: licenceOf(path, entry) }))
  .filter(({ licence }) => licence === null || !isAllowed(licence));

for (const { name, licence } of refused) console.error(`${name}: ${licence ?? 'no licence is named'}`);
if (refused.length > 0) {
  console.error('Take another package, or, having read its licence, add it to scripts/check-licences.mjs.');
  process.exit(1);
}
console.log(`${delivered.length} delivered packages, all under licences that are allowed`);

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function licenceOf(path, { license, version }) {
  const read = READ[`${nameOf(path)}@${version}`];
  if (license ?? read) return license ?? read;
  const manifest = join(folder, path, 'package.json');
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')).license ?? null) : null;
}

/** What is no SPDX expression, such as SEE LICENSE IN …, is not allowed. */
function isAllowed(licence) {
  try {
    return satisfies(licence, ALLOWED);
  } catch {
    return false;
  }
}
