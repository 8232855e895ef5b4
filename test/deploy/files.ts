import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { settingsSchema } from '../../src/config/settings';

const ROOT = join(__dirname, '../..');

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

// documents of other programs: a test names the members that it expects
/* eslint-disable @typescript-eslint/no-explicit-any */
export function yamlOf(path: string): any {
  return parse(textOf(path), { merge: true });
}

/** The objects of a rendered chart by their kind, of which each is there once. */
export function objectsOf(path: string): Map<string, any> {
  const objects = parseAllDocuments(textOf(path)).map((document) => document.toJS());
  return new Map(objects.map((object) => [object.kind, object]));
}
/* eslint-enable @typescript-eslint/no-explicit-any */

export const SETTINGS: readonly string[] = Object.keys(settingsSchema.shape);

/** Those of the names that are FLEET_* and no setting, nor a file of one. */
export function unknownSettings(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('FLEET_') && !SETTINGS.includes(name.replace(/_FILE$/, '')));
}

/** Settings whose values are kept as secrets, as settings.ts says. */
export function secretSettings(): string[] {
  const [, body = ''] = /z\.strictObject\(\{(.*?)\n\}\);/s.exec(textOf('src/config/settings.ts')) ?? [];
  const entries = body.split(/\n {2}(?=FLEET_)/);
  return entries
    .filter((entry) => /new Secret|hookUrl|signingSecret|smtpUrl|base64Key/.test(entry))
    .map((entry) => /FLEET_\w+/.exec(entry)?.[0] ?? '');
}
