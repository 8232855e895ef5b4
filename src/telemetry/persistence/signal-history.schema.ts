import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type SignalInterval } from '../domain/signal';

export const SIGNAL_HISTORY_MODEL = 'SignalHistory';

export interface SignalIntervalDocument extends Omit<SignalInterval, 'workerId'> {
  /** `<worker>|<signal>|<from, milliseconds>` */
  readonly _id: string;
  readonly worker: string;
  /** `<worker>|<signal>` of the interval that a signal is in; those before it have none */
  readonly current?: string;
}

const KEPT_SECONDS = 90 * 24 * 60 * 60;

export const signalHistorySchema = new Schema<SignalIntervalDocument>(
  {
    _id: { type: String, required: true },
    worker: { type: String, required: true },
    current: { type: String },
    signal: { type: String, required: true },
    value: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    readings: { type: Number, required: true },
    longestGapMs: { type: Number, required: true },
    trail: { type: Schema.Types.Mixed },
  },
  readModelOptions('signal_history'),
);

signalHistorySchema.index({ worker: 1, signal: 1, from: 1 }, { name: 'by-worker' });
signalHistorySchema.index({ current: 1 }, { name: 'current', sparse: true });
signalHistorySchema.index({ to: 1 }, { name: 'expiry', expireAfterSeconds: KEPT_SECONDS });
