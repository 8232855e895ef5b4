import { readFileSync } from 'node:fs';
import { faultsBetween, type SettingName, type Settings, settingsSchema } from './settings';

/** The settings cannot be used: one message that lists everything that is wrong with them. */
export class BadSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(['The settings cannot be used:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.name = 'BadSettings';
  }
}

const NAMES = Object.keys(settingsSchema.shape) as SettingName[];

/**
 * Reads the settings from the environment; each may also come from a file named by `<NAME>_FILE`. An empty variable
 * counts as not set. @throws BadSettings, which never holds a value
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const faults: string[] = [];
  const given = valuesOf(NAMES, env, faults);
  for (const name of Object.keys(env)) {
    if (name.startsWith('FLEET_') && !isKnown(name)) faults.push(`${name} is not a setting${hint(name)}`);
  }
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const named = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
    throw new BadSettings([...faults, ...new Set(named)]);
  }
  faults.push(...faultsBetween(parsed.data, env));
  if (faults.length > 0) throw new BadSettings(faults);
  return Object.freeze(parsed.data);
}

/** What the environment says of these settings, as text; what cannot be read is added to the faults. */
export function valuesOf(
  names: readonly SettingName[],
  env: NodeJS.ProcessEnv,
  faults: string[],
): Partial<Record<SettingName, string>> {
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of names) {
    const value = fromEnvironment(name, env, faults);
    if (value) given[name] = value;
  }
  return given;
}

function fromEnvironment(name: SettingName, env: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name];
  if (env[name]) {
    faults.push(`${name} and ${name}_FILE are both set: keep one`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    faults.push(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    return undefined;
  }
}

function isKnown(name: string): boolean {
  return NAMES.some((known) => name === known || name === `${known}_FILE`);
}

function hint(name: string): string {
  const near = hintAt(name);
  return near ? `; is ${near} meant?` : '';
}

/** The setting that was probably meant by a name that is none: one that differs in a letter or two. */
export function hintAt(name: string): SettingName | null {
  if (!name.startsWith('FLEET_') || isKnown(name)) return null;
  return NAMES.find((known) => distance(known, name) <= 2) ?? null;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
