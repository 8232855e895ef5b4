import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
export const RULES = join(ROOT, 'deploy/prometheus/alerts.yml');

let found: string | null = null;

/** Where promtool is; gets it where it is not there yet. @throws what the script says */
function promtool(): string {
  found ??= execFileSync(join(ROOT, 'scripts/promtool.sh'), { encoding: 'utf8' }).trim();
  return found;
}

/** Runs `promtool <words> <a file with this text>`. @throws Error with what it printed where it does not succeed */
export function runPromtool(words: readonly string[], text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  const file = join(folder, 'given.yml');
  writeFileSync(file, text);
  try {
    return execFileSync(promtool(), [...words, file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].join('\n'), { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
