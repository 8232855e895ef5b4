import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { VERDICTS } from '../domain/decision';
import { REAPER_ACTIONS, type ReaperRun } from '../domain/reaper-run';

export const REAPER_RUN_MODEL = 'ReaperRun';

const LIFE_SECONDS = 90 * 24 * 3_600;

export interface ReaperRunDocument extends Omit<ReaperRun, 'id' | 'errors'> {
  readonly _id: string;
  /** the run's `errors`, a word that Mongoose keeps for itself */
  readonly failures: ReaperRun['errors'];
  /** machine time, which its end of life counts from */
  readonly storedAt: Date;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const count = { type: Number, required: true };

export const reaperRunSchema = new Schema<ReaperRunDocument>(
  {
    _id: text,
    startedAt: time,
    finishedAt: time,
    storedAt: time,
    dryRun: { type: Boolean, required: true },
    actor: text,
    counts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, count])),
    decisions: [
      {
        _id: false,
        workerId: text,
        workerName: text,
        decisionId: text,
        verdict: { type: String, enum: VERDICTS, required: true },
        action: { type: String, enum: REAPER_ACTIONS, required: true },
        reason: text,
      },
    ],
    failures: [{ _id: false, workerId: text, workerName: text, message: text }],
  },
  readModelOptions('reaper_runs'),
);

reaperRunSchema.index({ startedAt: -1, _id: -1 }, { name: 'newest' });
reaperRunSchema.index({ storedAt: 1 }, { name: 'expiry', expireAfterSeconds: LIFE_SECONDS });

export function toDocument({ id, errors, ...rest }: ReaperRun, storedAt: Date): ReaperRunDocument {
  return { ...rest, _id: id, failures: errors, storedAt };
}

export function toRun({ _id, failures, storedAt: _storedAt, ...rest }: ReaperRunDocument): ReaperRun {
  return { ...rest, id: _id, errors: failures };
}
