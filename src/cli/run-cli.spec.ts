import { type CliIo } from './cli-command';
import { runCli } from './run-cli';

/** A run, with what it said. */
async function run(args: string[], env: Record<string, string> = {}) {
  const said = { out: [] as string[], err: [] as string[] };
  const io: CliIo = {
    env,
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    now: () => new Date(),
  };
  return { status: await runCli(args, io), out: said.out.join('\n'), err: said.err.join('\n') };
}

/** A server that is not there: what comes so far was understood. */
const NOWHERE = 'mongodb://127.0.0.1:9/none?serverSelectionTimeoutMS=50';
const RING = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

describe('the command line', () => {
  it('lists its commands, and explains each', async () => {
    const help = await run(['--help']);
    expect(help.status).toBe(0);
    expect(help.out).toContain('verify-audit');
    expect(help.out).toContain('rebuild-read-model');
    for (const name of ['verify-audit', 'rebuild-read-model']) {
      const one = await run([name, '-h']);
      expect([one.status, one.out.split('\n')[0]]).toEqual([0, expect.stringContaining(`${name}: `)]);
    }
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['no command', [], {}, ''],
    ['a command that it does not have', ['tidy'], {}, 'There is no command tidy.'],
    ['an option that the command does not have', ['verify-audit', '--fix'], {}, "Unknown option '--fix'"],
    ['words beside the options', ['verify-audit', 'now'], {}, "Unexpected argument 'now'"],
    ['an anchor that is none', ['verify-audit', '--anchor', 'x'], {}, 'x is no anchor'],
    ['no key ring', ['verify-audit'], {}, 'FLEET_SECRETS_KEYS is required'],
    [
      'a setting that it needs and cannot read',
      ['rebuild-read-model'],
      { FLEET_MONGODB_URI: 'localhost' },
      'FLEET_MONGODB_URI must be a URI like',
    ],
    [
      'a slip in the name of a setting that it needs',
      ['rebuild-read-model'],
      { FLEET_MONGODB_URL: NOWHERE },
      'is FLEET_MONGODB_URI meant?',
    ],
    [
      'an application that keeps nothing',
      ['verify-audit'],
      { FLEET_PERSISTENCE: 'memory', FLEET_SECRETS_KEYS: RING },
      'FLEET_PERSISTENCE is memory',
    ],
  ])('answers 2 to %s', async (_what, args, env, message) => {
    const { status, err } = await run(args, env);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('minds no setting that the command does not need', async () => {
    const wrong = { FLEET_PORT: 'http', FLEET_COLOUR: 'blue', FLEET_BOOTSTRAP_ADMIN_KEY: 'short' };
    const { status, err } = await run(['rebuild-read-model'], { ...wrong, FLEET_MONGODB_URI: NOWHERE });
    expect([status, err]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });
});
