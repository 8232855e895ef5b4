import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../..');
/** A busy machine, or a long log to read, may take its time. */
const START_WITHIN_MS = 120_000;

export interface AppProcess {
  readonly url: string;
  readonly pid: number;
  /** every line it wrote, parsed where it is JSON */
  readonly log: readonly unknown[];
  /** every byte of stdout and stderr, as they came */
  readonly output: readonly Buffer[];
  /** the signal or exit status that ended it; null while it runs */
  readonly end: () => NodeJS.Signals | number | null;
  /** kill -9 */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit status */
  stop(): Promise<number | null>;
}

/** Compiles src/ once for all processes of a suite; what did not change is left as it is. */
export function compileApp(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/compile.mjs')], { cwd: ROOT });
}

/** The application as a process of its own, as a user runs it, listening on a free port. */
export async function startApp(env: Readonly<Record<string, string>>): Promise<AppProcess> {
  const child = spawn(process.execPath, [join(ROOT, '.build/main.js')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, FLEET_PORT: '0', FLEET_LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: unknown[] = [];
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => void output.push(bytes));
  }
  const url = await Promise.race([listening(child, log), late()]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    url,
    pid: child.pid ?? 0,
    log,
    output,
    end: () => child.signalCode ?? child.exitCode,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Resolves with the address that the process says it serves at. */
function listening(child: ChildProcess, log: unknown[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const problems: string[] = [];
    if (child.stderr) createInterface(child.stderr).on('line', (line) => problems.push(line));
    if (child.stdout) {
      createInterface(child.stdout).on('line', (text) => {
        const line = parsed(text);
        log.push(line);
        if (typeof line === 'object' && line !== null && 'url' in line && typeof line.url === 'string') {
          resolve(line.url);
        }
      });
    }
    child.once('exit', (code) => {
      reject(new Error(`the application ended with ${code} before it served:\n${problems.join('\n')}`));
    });
  });
}

function parsed(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : text;
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const message = `the application did not serve within ${START_WITHIN_MS} ms`;
    setTimeout(() => reject(new Error(message)), START_WITHIN_MS).unref();
  });
}
