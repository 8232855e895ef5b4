import { BadSettings, hintAt, valuesOf } from './read-settings';
import { type SettingName, type Settings, settingsSchema } from './settings';

/**
 * Reads a few settings only, by the same rules: what a tool does not need may be wrong or missing. A variable that looks
 * like one of them with a slip counts as wrong. @throws BadSettings
 */
export function readSomeSettings<N extends SettingName>(
  env: NodeJS.ProcessEnv,
  names: readonly N[],
): Pick<Settings, N> {
  const faults: string[] = [];
  const given = valuesOf(names, env, faults);
  for (const name of Object.keys(env)) {
    const meant = hintAt(name);
    if (meant && (names as readonly SettingName[]).includes(meant)) {
      faults.push(`${name} is not a setting; is ${meant} meant?`);
    }
  }
  for (const name of names) {
    const parsed = settingsSchema.shape[name].safeParse(given[name]);
    faults.push(...new Set(parsed.error?.issues.map(({ message }) => `${name} ${message}`)));
  }
  if (faults.length > 0) throw new BadSettings(faults);
  const values = names.map((name) => [name, settingsSchema.shape[name].parse(given[name])]);
  return Object.fromEntries(values) as Pick<Settings, N>;
}
