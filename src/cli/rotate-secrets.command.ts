import { type Connection } from 'mongoose';
import { BadSettings } from '../config/read-settings';
import { readSomeSettings } from '../config/read-some-settings';
import { answered, storeCollection } from '../event-store';
import { MongoSecretRows, type RotationResult, SecretCipher, SecretRotation } from '../secrets';
import { type CliCommand } from './cli-command';
import { counted, progressOn } from './progress';
import { withDatabase } from './with-database';

const SETTINGS = ['FLEET_PERSISTENCE', 'FLEET_MONGODB_URI', 'FLEET_SECRETS_KEYS'] as const;
const SHOWN = 100;
/** Where seals stand that the keys of the ring have made. */
const SEALED = ['es_commits', 'es_log'] as const;

export const ROTATE_SECRETS: CliCommand = {
  name: 'rotate-secrets',
  summary: 'encrypts every stored secret anew that is not under the first key of the ring',
  help: `  --dry-run   only counts: exit status 1 when there is something to do

Put the new key first in FLEET_SECRETS_KEYS of all replicas, the old ones behind it, and run this then. It may end
anywhere and be run again, beside the application: each secret is replaced only as it was read.
Exit status 1 when secrets are left under another key. Settings: ${SETTINGS.join(', ')}.`,
  options: { 'dry-run': { type: 'boolean' } },
  async run({ 'dry-run': dry }, io) {
    const dryRun = dry === true;
    const settings = readSomeSettings(io.env, SETTINGS);
    const keys = settings.FLEET_SECRETS_KEYS;
    if (!keys) {
      throw new BadSettings(['FLEET_SECRETS_KEYS is required: the key ring that the application has']);
    }
    const cipher = new SecretCipher(
      keys.map(({ kid, key }) => ({ kid, key: Buffer.from(key.reveal(), 'base64') })),
    );
    let told = 0;
    const onUnreadable = (_ref: string, what: string) => {
      told += 1;
      if (told <= SHOWN) io.err(what);
    };
    const { result, sealers } = await withDatabase(settings, async (connection) => {
      const rows = new MongoSecretRows(connection);
      const rotation = new SecretRotation({ rows, cipher, dryRun, onUnreadable, progress: progressOn(io) });
      const rotated = await rotation.run();
      const others = keys.map(({ kid }) => kid).filter((kid) => kid !== cipher.firstKey);
      return { result: rotated, sealers: await thoseThatSealed(connection, others) };
    });
    if (told > SHOWN) io.err(`… and ${counted(told - SHOWN)} more`);
    io.out([summary(result, dryRun), '', ...keyLines(result, cipher.firstKey, sealers)].join('\n'));
    return leftOf(result, cipher.firstKey) > 0 ? 1 : 0;
  },
};

function leftOf({ byKey }: RotationResult, firstKey: string): number {
  return [...byKey].reduce((sum, [kid, count]) => (kid === firstKey ? sum : sum + count), 0);
}

function summary({ rotated, overtaken, unreadable }: RotationResult, dryRun: boolean): string {
  return [
    `${counted(rotated)} ${dryRun ? 'to be encrypted anew' : 'encrypted anew'}`,
    ...(overtaken > 0 ? [`${counted(overtaken)} changed or removed meanwhile`] : []),
    ...(unreadable > 0 ? [`${counted(unreadable)} CANNOT BE READ`] : []),
  ].join(', ');
}

/** Each key with what it still holds, and whether it may leave. */
function keyLines(
  { byKey }: RotationResult,
  firstKey: string,
  sealers: ReadonlyMap<string, boolean>,
): string[] {
  const others = new Set([...byKey.keys(), ...sealers.keys()].filter((kid) => kid !== firstKey));
  return [
    `${firstKey}  ${secretsOf(byKey.get(firstKey) ?? 0)}; the first key, which encrypts`,
    ...[...others].sort().map((kid) => `${kid}  ${fate(kid, byKey.get(kid) ?? 0, firstKey, sealers)}`),
  ];
}

function fate(kid: string, count: number, firstKey: string, sealers: ReadonlyMap<string, boolean>): string {
  if (count > 0) return `${secretsOf(count)}: it must stay in the ring`;
  const replicas = `no secret needs it any more, once every replica has ${firstKey} first`;
  return sealers.get(kid)
    ? `0 secrets: ${replicas}. It sealed a part of the history: it stays behind ${firstKey}, or that part cannot be verified`
    : `0 secrets: ${replicas} and a run after that finds none. Then it may leave the ring`;
}

function secretsOf(count: number): string {
  return `${counted(count)} ${count === 1 ? 'secret' : 'secrets'}`;
}

/** Whether each key has sealed a commit or a line of the log, which are never sealed anew. */
async function thoseThatSealed(
  connection: Connection,
  kids: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  for (const kid of kids) {
    const seals = { hash: { $gte: `${kid}:`, $lt: `${kid};` } };
    for (const name of SEALED) {
      const seal = await answered(() => storeCollection(connection, name).findOne(seals), null);
      found.set(kid, found.get(kid) === true || seal !== null);
    }
  }
  return found;
}
