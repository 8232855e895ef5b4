import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { VERDICTS } from '../domain/decision/decision';
import { STOP_CAUSES } from '../domain/signals/idle-input';
import { countVerdicts, REAPER_ACTIONS, type ReaperRun, type RunDecision } from '../domain/reaper-run';
import { RULE_NAMES } from '../domain/trace/rule';

export const REAPER_RUN_MODEL = 'ReaperRun';

const LIFE_SECONDS = 90 * 24 * 3_600;

export interface ReaperRunDocument extends Omit<ReaperRun, 'id' | 'errors'> {
  readonly _id: string;
  /** the run's `errors`, a word that Mongoose keeps for itself */
  readonly failures: ReaperRun['errors'];
  /** machine time, which its end of life counts from */
  readonly storedAt: Date;
}

/** As earlier versions stored it, too. */
type StoredRun = Omit<ReaperRunDocument, Later> & Partial<Pick<ReaperRunDocument, Later>>;
type Later = 'starts' | 'leftOut';

const text = { type: String, required: true };
const time = { type: Date, required: true };
const count = { type: Number, required: true };

export const reaperRunSchema = new Schema<ReaperRunDocument>(
  {
    _id: text,
    startedAt: time,
    finishedAt: { type: Date, default: null },
    storedAt: time,
    dryRun: { type: Boolean, required: true },
    actor: text,
    counts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, { type: Number, default: 0 }])),
    decisions: [
      {
        _id: false,
        workerId: text,
        workerName: text,
        decisionId: text,
        verdict: { type: String, enum: VERDICTS, required: true },
        action: { type: String, enum: REAPER_ACTIONS, required: true },
        reason: text,
        cause: { type: String, enum: [...STOP_CAUSES, null], default: null },
        restraints: [{ type: String, enum: RULE_NAMES }],
        notice: { type: { _id: false, stageMinutes: count, deadline: time }, default: null },
        trial: { type: Boolean, default: false },
      },
    ],
    leftOut: { type: Number, default: 0 },
    starts: [{ _id: false, workerId: text, workerName: text, name: text, at: time }],
    failures: [{ _id: false, workerId: text, workerName: text, message: text }],
  },
  readModelOptions('reaper_runs'),
);

reaperRunSchema.index({ startedAt: -1, _id: -1 }, { name: 'newest' });
reaperRunSchema.index({ storedAt: 1 }, { name: 'expiry', expireAfterSeconds: LIFE_SECONDS });

export function toDocument({ id, errors, ...rest }: ReaperRun, storedAt: Date): ReaperRunDocument {
  return { ...rest, _id: id, failures: errors, storedAt };
}

/** What runs of earlier versions do not have. */
const WITHOUT: Pick<RunDecision, 'cause' | 'restraints' | 'notice' | 'trial'> = {
  cause: null,
  restraints: [],
  notice: null,
  trial: false,
};

export function toRun({ _id, failures, storedAt: _storedAt, ...rest }: StoredRun): ReaperRun {
  const decisions = rest.decisions.map((decision) => ({ ...WITHOUT, ...decision }));
  const counts = { ...countVerdicts([]), ...rest.counts };
  return { starts: [], leftOut: 0, ...rest, counts, decisions, id: _id, errors: failures };
}
