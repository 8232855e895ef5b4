import { parseArgs } from 'node:util';
import { BadSettings } from '../config/read-settings';
import { StoreUnavailable } from '../kernel/domain-error';
import { type CliCommand, type CliIo, WrongUsage } from './cli-command';
import { DOCTOR } from './doctor.command';
import { IAM_POLICY } from './iam-policy.command';
import { REBUILD_READ_MODEL } from './rebuild-read-model.command';
import { ROTATE_SECRETS } from './rotate-secrets.command';
import { VERIFY_AUDIT } from './verify-audit.command';

const COMMANDS: readonly CliCommand[] = [
  VERIFY_AUDIT,
  REBUILD_READ_MODEL,
  ROTATE_SECRETS,
  DOCTOR,
  IAM_POLICY,
];

/** Runs one command. Answers the exit status: 0 fine, 1 something was found or failed, 2 wrong usage. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === '--help' || name === '-h') {
      io.out(overview());
      return name === undefined ? 2 : 0;
    }
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (!command) throw new WrongUsage(`There is no command ${name}.\n\n${overview()}`);
    const { help = false, ...values } = optionsOf(command, rest);
    if (help) {
      io.out(`${command.name}: ${command.summary}\n\n${command.help}`);
      return 0;
    }
    return await command.run(values, io);
  } catch (error) {
    io.err(messageOf(error));
    return error instanceof WrongUsage || error instanceof BadSettings ? 2 : 1;
  }
}

function optionsOf({ name, options }: CliCommand, args: readonly string[]) {
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    const { values } = parseArgs({ args: [...args], options: { ...options, help }, strict: true });
    return values as Record<string, string | boolean | undefined>;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw cause;
    throw new WrongUsage(`${message}. Try: ${name} --help`, { cause });
  }
}

function overview(): string {
  const names = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(20)} ${summary}`);
  return [
    'cml-fleet tools. They read the settings that the application has, and may run beside it.',
    '',
    ...names,
    '',
    'Each takes --help. Exit status: 0 fine, 1 something was found or failed, 2 wrong usage or settings.',
  ].join('\n');
}

/** One message for what a person can put right; the rest needs its stack. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = error instanceof WrongUsage || error instanceof BadSettings;
  if (known || error.name === 'MongooseServerSelectionError') return error.message;
  if (error instanceof StoreUnavailable)
    return `${error.message}. Nothing was changed by halves: run it again.`;
  return error.stack ?? error.message;
}
