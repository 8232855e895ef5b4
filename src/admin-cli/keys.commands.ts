import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { WrongUsage } from './cli-error';
import { workerIdOf } from './find-worker';
import { type Answer } from './fleet-api';
import { type Act, type PageOptions, type Session, wholeNumber, withPages } from './session';
import { NONE, plain, table } from './table';
import { ago } from './times';

const KEYS = '/api/v1/api-keys';
const ROLES = ['user', 'viewer', 'operator', 'admin'];

interface Scope {
  readonly regions?: readonly string[];
  readonly tags?: readonly string[];
  readonly workerIds?: readonly string[];
}

/** Of the API's ApiKey, what is shown here; `key` is there once, where it was made. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly prefix: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt?: string | null;
  readonly scope?: Scope | null;
  readonly key?: string;
}

interface CreateOptions {
  readonly role: string;
  readonly expires?: string;
  readonly region?: string[];
  readonly tag?: string[];
  readonly worker?: string[];
  readonly out?: string;
}

interface RotateOptions {
  readonly overlapMinutes?: number;
  readonly out?: string;
}

export function addKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('API keys');

  withPages(keys.command('list').description('all, without the keys themselves')).action(
    act((session, options: PageOptions) =>
      session.showList<ApiKey>(KEYS, { ...options }, (items) => keyTable(items, session.io.now())),
    ),
  );

  const out = () =>
    new Option(
      '--out <file>',
      'write the key to this new file, which only you can read, instead of showing it',
    );

  keys
    .command('create <name>')
    .description('make one; it is shown this once')
    .addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory())
    .option('--expires <time>', 'RFC 3339; it does not expire otherwise')
    .option('--region <region...>', 'limit it to regions of AWS')
    .option('--tag <key:value...>', 'limit it to workers with a tag')
    .option('--worker <worker...>', 'limit it to workers, by name or id')
    .addOption(out())
    .action(act((session, name: string, options: CreateOptions) => create(session, name, options)));

  keys
    .command('revoke <id>')
    .description('end one at once')
    .action(
      act(async (session, id: string) => {
        await session.api.delete(`${KEYS}/${encodeURIComponent(id)}`);
        if (!session.json) session.io.out(`${plain(id)} is revoked.`);
      }),
    );

  keys
    .command('rotate <id>')
    .description('give it a new text, shown this once; the old one ends')
    .option('--overlap-minutes <n>', 'let the old text work for so long (0)', wholeNumber)
    .addOption(out())
    .action(
      act((session, id: string, { overlapMinutes, out: file }: RotateOptions) => {
        const path = `${KEYS}/${encodeURIComponent(id)}/rotate`;
        return handOut(session, file, () => session.api.post<ApiKey>(path, { overlapMinutes }));
      }),
    );
}

async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const { role, expires: expiresAt, region: regions, tag: tags, worker, out } = options;
  const workerIds = worker && (await Promise.all(worker.map((one) => workerIdOf(session.api, one))));
  const scope = regions || tags || workerIds ? { regions, tags, workerIds } : undefined;
  await handOut(session, out, () => session.api.post<ApiKey>(KEYS, { name, role, expiresAt, scope }));
}

/** The key goes to the file or, for once, to the person. The file is made first: else the key could be lost. */
async function handOut(
  session: Session,
  file: string | undefined,
  make: () => Promise<Answer<ApiKey>>,
): Promise<void> {
  if (file !== undefined) await putPrivately(file, '');
  const answer = await make();
  const { key, ...shown } = answer.body;
  const where = key === undefined ? 'It was shown before, and is not shown again.' : key;
  if (file === undefined) {
    session.show(answer, () => [keyLine(shown), '', `  ${where}`, '', 'It is not shown again.']);
    return;
  }
  await writeFile(file, key === undefined ? '' : `${key}\n`);
  if (session.json) session.io.out(JSON.stringify(shown));
  else session.out([keyLine(shown), `The key is in ${plain(file)}.`]);
}

async function putPrivately(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongUsage(`${plain(file)} cannot be made: ${code ?? String(error)}. No key was made.`, {
      cause: error,
    });
  }
}

function keyLine({ id, name, role, prefix }: ApiKey): string {
  return plain(`${name}: ${role}, ${prefix}…, id ${id}`);
}

export function keyTable(keys: readonly ApiKey[], now: Date): string[] {
  return table(
    ['NAME', 'ROLE', 'PREFIX', 'SCOPE', 'EXPIRES', 'LAST USE', 'BY', 'ID'],
    keys.map((key) => [
      key.name,
      key.role,
      key.prefix,
      scopeText(key.scope),
      key.expiresAt ? ago(key.expiresAt, now) : 'never',
      key.lastUsedAt ? ago(key.lastUsedAt, now) : NONE,
      key.createdBy,
      key.id,
    ]),
  );
}

function scopeText(scope: Scope | null | undefined): string {
  if (!scope) return 'fleet';
  const { regions = [], tags = [], workerIds = [] } = scope;
  return [...regions, ...tags, ...workerIds].join(' ') || NONE;
}
