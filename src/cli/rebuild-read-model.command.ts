import { readSomeSettings } from '../config/read-some-settings';
import { aggregateIdOf, replayedKind, StreamReplay } from '../event-store';
import { MongoAuditSource } from '../event-store/mongo/mongo-audit-source';
import { MongoCommitTable } from '../event-store/mongo/mongo-commit-table';
import { MongoReservations } from '../event-store/mongo/mongo-reservations';
import { SystemClock } from '../kernel/clocks';
import { MongoWorkerDocuments, ReadModelRebuild, type RebuildResult, WORKER_DEFINITION } from '../workers';
import { type CliCommand } from './cli-command';
import { counted, progressOn } from './progress';
import { storedEvents } from './stored-kinds';
import { withDatabase } from './with-database';

const SETTINGS = ['FLEET_PERSISTENCE', 'FLEET_MONGODB_URI'] as const;
const BATCH = 200;
const SHOWN = 100;

export const REBUILD_READ_MODEL: CliCommand = {
  name: 'rebuild-read-model',
  summary: 'makes the list of workers, and what they have taken, anew from the history',
  help: `  --dry-run   only compares: exit status 1 when something differs

Replays every worker from its first event; snapshots are not trusted. Names and instances that are in
use and not taken are taken. May run beside the application: a document is replaced only as it was found, never a newer one.
Settings: ${SETTINGS.join(', ')}.`,
  options: { 'dry-run': { type: 'boolean' } },
  async run({ 'dry-run': dry }, io) {
    const dryRun = dry === true;
    let told = 0;
    const result = await withDatabase(readSomeSettings(io.env, SETTINGS), async (connection) => {
      const source = new MongoAuditSource(connection);
      const replay = new StreamReplay(new MongoCommitTable(connection), storedEvents());
      const kind = replayedKind(WORKER_DEFINITION);
      const rebuild = new ReadModelRebuild({
        documents: new MongoWorkerDocuments(connection),
        reservations: new MongoReservations(connection, new SystemClock()),
        replay: (id) => replay.of(kind, id),
        dryRun,
        onDifference: (id, what) => {
          told += 1;
          if (told <= SHOWN) io.err(`${id}: ${what}`);
        },
        progress: progressOn(io),
      });
      return rebuild.run(await idsOf(source, kind.kind));
    });
    if (told > SHOWN) io.err(`… and ${counted(told - SHOWN)} more`);
    io.out(textOf(result, dryRun));
    const { missing, changed, removed, failed, untaken, contested } = result;
    const repaired = missing + changed + removed + untaken;
    return failed + contested > 0 || (dryRun && repaired > 0) ? 1 : 0;
  },
};

async function idsOf(source: MongoAuditSource, kind: string): Promise<string[]> {
  const streams: string[] = [];
  for (;;) {
    const batch = await source.streamsAfter(kind, streams.at(-1) ?? null, BATCH);
    streams.push(...batch);
    if (batch.length < BATCH) return streams.map(aggregateIdOf);
  }
}

function textOf(result: RebuildResult, dryRun: boolean): string {
  const { unchanged, missing, changed, removed, failed, untaken, contested } = result;
  const done = (word: string, would: string) => (dryRun ? would : word);
  return [
    `${counted(unchanged)} as they should be`,
    `${counted(missing)} ${done('written anew', 'missing')}`,
    `${counted(changed)} ${done('changed', 'to be changed')}`,
    `${counted(removed)} ${done('removed', 'to be removed')}`,
    `${counted(untaken)} names and instances ${done('taken anew', 'not taken')}`,
    ...(contested > 0 ? [`${counted(contested)} TAKEN BY ANOTHER`] : []),
    ...(failed > 0 ? [`${counted(failed)} LEFT ALONE, since their events cannot be replayed`] : []),
  ].join(', ');
}
