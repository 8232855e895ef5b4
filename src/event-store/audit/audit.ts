import { type Connection } from 'mongoose';
import { HmacCommitSeal } from '../hmac-commit-seal';
import { LogSeal } from '../log-seal';
import { MongoAuditSource } from '../mongo/mongo-audit-source';
import { MongoCommitTable } from '../mongo/mongo-commit-table';
import { type EventDecoder } from '../ports';
import { type SealKey } from '../ring-hmac';
import { StreamReplay } from '../stream-replay';
import { type AuditParts, CommitsAudit } from './commits-audit';
import { type Finding, type FindingKind, Findings } from './findings';
import { type Anchor, LogAudit } from './log-audit';
import { TracesAudit, type TracesAuditParts } from './traces-audit';
import { UsedKeys } from './used-keys';

const SHOWN = 100;

export interface AuditReport {
  readonly commits: number;
  readonly streams: number;
  readonly logLines: number;
  /** commits that wait for their place in the log */
  readonly unplaced: number;
  readonly snapshots: number;
  /** seals by the name of their key */
  readonly keys: Readonly<Record<string, number>>;
  readonly missingKeys: readonly string[];
  /** the end of the log, to be kept elsewhere; null for an empty log */
  readonly anchor: Anchor | null;
  /** the earlier anchor that was compared */
  readonly compared: Anchor | null;
  readonly total: number;
  readonly counts: Partial<Record<FindingKind, number>>;
  /** at most 100, of each kind in turn */
  readonly findings: readonly Finding[];
}

export interface AuditOptions
  extends Pick<AuditParts, 'progress'>, Pick<TracesAuditParts, 'kinds' | 'readModels' | 'keyUses' | 'now'> {
  readonly connection: Connection;
  readonly ring: readonly SealKey[];
  readonly decoder: EventDecoder;
  readonly anchor: Anchor | null;
}

/**
 * Looks for what somebody without the key changed in the database, while programs may go on writing to it. The memory it
 * needs does not grow with what is stored. @throws StoreUnavailable
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { connection, ring, decoder, anchor, progress, ...traced } = options;
  const [findings, keys, source] = [new Findings(), new UsedKeys(ring), new MongoAuditSource(connection)];
  const common = { source, findings, keys, progress };
  const commits = new CommitsAudit({ ...common, seal: new HmacCommitSeal(ring) });
  const log = new LogAudit({ ...common, logSeal: new LogSeal(ring), anchor });
  const replay = new StreamReplay(new MongoCommitTable(connection), decoder);
  const traces = new TracesAudit({ ...common, ...traced, replay });
  await commits.run();
  await log.run();
  await traces.run();
  return {
    commits: commits.commits,
    streams: commits.streams,
    logLines: log.lines,
    unplaced: commits.unplaced,
    snapshots: traces.snapshots,
    keys: keys.counts,
    missingKeys: keys.missing,
    anchor: log.last,
    compared: anchor,
    total: findings.total,
    counts: findings.counts,
    findings: findings.some(SHOWN),
  };
}
