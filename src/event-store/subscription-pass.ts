import { type MachineClock, plus, SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type EventStore, type LogEntry } from './ports';
import { type ReportError } from './report-error';
import { kindOf } from './stream-name';
import {
  type ParkedStream,
  type ParkedStreams,
  type SubscriptionClaim,
  type SubscriptionDefinition,
  type Subscriptions,
} from './subscription-ports';

/** Tries of one commit before its stream waits for a person. */
export const MAX_ATTEMPTS = 20;
const BATCH = 200;
/** Machine milliseconds; doubled with each failure up to the longest, and between half and the whole of it waited. */
const FIRST_PAUSE = SECOND;
const LONGEST_PAUSE = 60 * SECOND;

export interface SubscriptionPassServices {
  readonly store: Pick<EventStore, 'readLog'>;
  readonly subscriptions: Subscriptions;
  readonly parked: ParkedStreams;
  readonly clock: MachineClock;
  /** a number from 0 to below 1 */
  readonly random: () => number;
  readonly report: ReportError;
}

/** How far a pass came; null: the claim was lost, and whoever has it now goes on. */
export type PassResult = { readonly position: number; readonly atEnd: boolean } | null;

/**
 * One step of a subscription by the process that has it: what was put aside and is due again is tried, then the next
 * batch of the log is handled. Whatever is not handled is put aside before the position moves over it, so that a crash
 * at any point leads to a repetition and never to a loss.
 */
export class SubscriptionPass {
  constructor(
    private readonly services: SubscriptionPassServices,
    private readonly definition: SubscriptionDefinition,
  ) {}

  /** @throws StoreUnavailable, also from the handler */
  async run(claim: SubscriptionClaim): Promise<PassResult> {
    const { store, subscriptions } = this.services;
    const rows = await this.adopted(claim);
    if (!rows) return null;
    const handledTo = new Map<string, number>();
    for (const row of rows) handledTo.set(row.stream, await this.retried(row, claim));
    const entries = await store.readLog(claim.position, BATCH);
    const last = entries.at(-1);
    if (!last) return { position: claim.position, atEnd: true };
    const ours = entries.filter(
      ({ position, commit: { stream } }) => this.isOurs(stream) && position > (handledTo.get(stream) ?? 0),
    );
    await Promise.all([...byStream(ours).values()].map((commits) => this.handle(commits, claim)));
    if (!(await subscriptions.move(claim, last.position))) return null;
    return { position: last.position, atEnd: entries.length < BATCH };
  }

  /**
   * What is put aside, all of it adopted under this claim: an owner before may still be at work, and must not touch it
   * any more. Null when an owner after has it: that one skips commits which this one does not know of.
   */
  private async adopted(claim: SubscriptionClaim): Promise<ParkedStream[] | null> {
    const { parked } = this.services;
    const found = await parked.of(claim.name);
    const rows = found.some(({ fence }) => fence < claim.fence) ? await parked.adopt(claim) : found;
    return rows.some(({ fence }) => fence > claim.fence) ? null : rows;
  }

  private isOurs(stream: string): boolean {
    return this.definition.kind === null || kindOf(stream) === this.definition.kind;
  }

  /** Handles one stream's commits in order, and puts the stream aside at the first one that fails. */
  private async handle(entries: readonly LogEntry[], { fence }: SubscriptionClaim): Promise<void> {
    const failure = await this.firstFailure(entries);
    if (!failure) return;
    const { stream, first } = failure.entry.commit;
    await this.services.parked.put(
      this.failed({ stream, fromVersion: first, attempts: 1, fence }, failure.error),
    );
  }

  /**
   * Position up to which this pass need not handle the stream: that of its last commit when it has caught up, infinity
   * while it stands aside. It catches up with the log and not with the claim's position only: a move whose answer was
   * lost may have led over more that was skipped.
   */
  private async retried(row: ParkedStream, { fence }: SubscriptionClaim): Promise<number> {
    const { store, parked, clock } = this.services;
    if (row.nextTryAt === null || row.nextTryAt > clock.now()) return Infinity;
    let after = 0;
    for (;;) {
      const batch = await store.readLog(after, BATCH, { streams: [row.stream] });
      const failure = await this.firstFailure(batch.filter(({ commit }) => commit.first >= row.fromVersion));
      if (failure) {
        const { first } = failure.entry.commit;
        const attempts = first === row.fromVersion ? row.attempts + 1 : 1;
        const { stream } = row;
        await parked.replace(
          row,
          this.failed({ stream, fromVersion: first, attempts, fence }, failure.error),
        );
        return Infinity;
      }
      after = batch.at(-1)?.position ?? after;
      if (batch.length < BATCH) return (await parked.remove(row)) ? after : Infinity;
    }
  }

  private async firstFailure(
    entries: readonly LogEntry[],
  ): Promise<{ entry: LogEntry; error: unknown } | null> {
    for (const entry of entries) {
      try {
        await this.definition.handle(entry);
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        return { entry, error };
      }
    }
    return null;
  }

  private failed(
    of: Pick<ParkedStream, 'stream' | 'fromVersion' | 'attempts' | 'fence'>,
    error: unknown,
  ): ParkedStream {
    const { clock, random, report } = this.services;
    const { stream, fromVersion, attempts } = of;
    const failedAt = clock.now();
    const gaveUp = attempts >= MAX_ATTEMPTS;
    const wait = Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) * (0.5 + random() / 2);
    if (attempts === 1 || gaveUp) {
      const what = `handle ${stream} from event ${fromVersion} for ${this.definition.name}`;
      report(error, gaveUp ? `${what}: it is parked until a person asks for a retry` : what);
    }
    return {
      ...of,
      subscription: this.definition.name,
      error: error instanceof Error ? error.message : String(error),
      nextTryAt: gaveUp ? null : plus(failedAt, wait),
      failedAt,
    };
  }
}

function byStream(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const streams = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const { stream } = entry.commit;
    streams.set(stream, [...(streams.get(stream) ?? []), entry]);
  }
  return streams;
}
