import { Command, CommanderError } from 'commander';
import { type AdminIo } from './admin-io';
import { EXIT, type ExitStatus } from './cli-error';
import { addDoctor } from './doctor.commands';
import { addEvents } from './events.commands';
import { addKeys } from './keys.commands';
import { addReaper } from './reaper.commands';
import { actions } from './session';
import { tellFailure } from './tell-failure';
import { addWorkers } from './workers.commands';

const HELP = `
The server is --url or CML_FLEET_URL (http://127.0.0.1:3000), the key CML_FLEET_KEY_FILE or CML_FLEET_KEY.

Exit status: 0 done, 1 not as it should be, 2 wrong usage, 3 no valid key or too small a role, 4 not found,
5 refused by the server, 6 no answer or not now: try again later, 130 interrupted.`;

/** Runs one command. Answers the exit status; what a person can put right goes to standard error as a sentence. */
export async function runAdminCli(args: readonly string[], io: AdminIo): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.fine;
  const program = programOf(io, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    return tellFailure(error, { json: args.includes('--json'), io });
  }
}

function programOf(io: AdminIo, ended: (status: ExitStatus) => void): Command {
  const program = new Command('cml-fleet')
    .description('Manage a fleet of CML workers over the API of cml-fleet.')
    .option('--url <url>', 'where the server is')
    .option('--key-file <file>', 'file that holds the API key')
    .option('--key <key>', 'the API key; others may see it there')
    .option('--json', "the API's answers as they are, for scripts")
    .addHelpText('after', HELP)
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .exitOverride();
  const act = actions(io, ended);
  for (const add of [addWorkers, addEvents, addReaper, addKeys, addDoctor]) add(program, act);
  return program;
}
