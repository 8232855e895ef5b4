import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type AnyBulkWriteOperation, type Model } from 'mongoose';
import { answered } from '../../event-store';
import { MachineClock } from '../../kernel/clocks';
import { type VerdictChange, VerdictBook, type VerdictNow } from '../domain/verdict-book';
import {
  toChange,
  toChangeDocument,
  toNow,
  toNowDocument,
  VERDICT_MODEL,
  VERDICT_NOW_MODEL,
  type VerdictDocument,
  type VerdictNowDocument,
} from './verdict.schema';
import { changesBetween } from './verdict-changes';

/** Documents in one write. */
const AT_ONCE = 1_000;

/**
 * Changes in `reaper_verdicts`, which the server drops when their time is over, and the present verdicts in
 * `reaper_verdicts_now`. A change is written first: what dies in between writes it once more, which reading leaves out.
 */
@Injectable()
export class MongoVerdictBook extends VerdictBook {
  constructor(
    @InjectModel(VERDICT_MODEL) private readonly changes: Model<VerdictDocument>,
    @InjectModel(VERDICT_NOW_MODEL) private readonly now: Model<VerdictNowDocument>,
    private readonly clock: MachineClock,
  ) {
    super();
  }

  async current(workerIds?: readonly string[]): Promise<ReadonlyMap<string, VerdictNow>> {
    const filter = workerIds ? { _id: { $in: workerIds } } : { verdict: { $ne: 'not-applicable' as const } };
    const found = await answered(async () => this.now.find(filter).lean<VerdictNowDocument[]>());
    return new Map(found.map((document) => [document._id, toNow(document)]));
  }

  async add(changes: readonly VerdictChange[]): Promise<void> {
    const storedAt = this.clock.now();
    for (let begin = 0; begin < changes.length; begin += AT_ONCE) {
      const some = changes.slice(begin, begin + AT_ONCE);
      await answered(() =>
        this.changes.bulkWrite(some.map((change) => replacing(toChangeDocument(change, storedAt)))),
      );
      await answered(() => this.now.bulkWrite(some.map((change) => replacing(toNowDocument(change)))));
    }
  }

  async alarmed(workerId: string, decisionId: string, episodeId: string): Promise<void> {
    const present = { _id: workerId, decisionId };
    await answered(async () => this.now.updateOne(present, { $addToSet: { alarmed: episodeId } }));
  }

  async between(workerId: string, from: Date, to: Date): Promise<VerdictChange[]> {
    const found = await answered(async () =>
      this.changes
        .find({ workerId, at: { $lte: to } })
        .sort({ at: 1 })
        .lean<VerdictDocument[]>(),
    );
    // a verdict that is so for longer than changes are kept stands here only
    const present = (await this.current([workerId])).get(workerId);
    const changes = found.map(toChange);
    if (present && present.at <= to) changes.push(changeOf(present));
    return changesBetween(changes, from, to);
  }
}

function changeOf({ alarmed: _alarmed, ...change }: VerdictNow): VerdictChange {
  return change;
}

function replacing<D extends { readonly _id: string }>(document: D): AnyBulkWriteOperation<D> {
  const filter = { _id: document._id };
  return { replaceOne: { filter, replacement: document, upsert: true } };
}
