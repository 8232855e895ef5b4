import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { VERDICTS } from '../domain/decision/decision';
import { type VerdictChange, type VerdictNow } from '../domain/verdict-book';

export const VERDICT_MODEL = 'ReaperVerdict';
export const VERDICT_NOW_MODEL = 'ReaperVerdictNow';

const LIFE_SECONDS = 90 * 24 * 3_600;

export interface VerdictDocument extends VerdictChange {
  /** `<worker id>:<decision id>` */
  readonly _id: string;
  /** machine time, which its end of life counts from */
  readonly storedAt: Date;
}

export interface VerdictNowDocument extends Omit<VerdictNow, 'workerId'> {
  /** id of the worker */
  readonly _id: string;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const change = {
  at: time,
  verdict: { type: String, enum: VERDICTS, required: true },
  cause: { type: String, default: null },
  decisionId: text,
  policyLayers: { type: [String], required: true },
  deadline: { type: Date, default: null },
};

export const verdictSchema = new Schema<VerdictDocument>(
  { _id: text, workerId: text, storedAt: time, ...change },
  readModelOptions('reaper_verdicts'),
);
verdictSchema.index({ workerId: 1, at: 1 }, { name: 'worker_time' });
verdictSchema.index({ storedAt: 1 }, { name: 'expiry', expireAfterSeconds: LIFE_SECONDS });

export const verdictNowSchema = new Schema<VerdictNowDocument>(
  { _id: text, ...change, alarmed: { type: [String], required: true } },
  readModelOptions('reaper_verdicts_now'),
);
verdictNowSchema.index({ verdict: 1 }, { name: 'verdict' });

export function toChangeDocument(change: VerdictChange, storedAt: Date): VerdictDocument {
  return { ...change, _id: `${change.workerId}:${change.decisionId}`, storedAt };
}

export function toChange({ _id, storedAt: _storedAt, ...change }: VerdictDocument): VerdictChange {
  return change;
}

export function toNowDocument({ workerId, ...change }: VerdictChange): VerdictNowDocument {
  return { ...change, _id: workerId, alarmed: [] };
}

export function toNow({ _id, ...now }: VerdictNowDocument): VerdictNow {
  return { ...now, workerId: _id };
}
