import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type Observation } from '../domain/observation';

export const OBSERVATION_MODEL = 'WorkerObservation';

export interface ObservationDocument extends Omit<Observation, 'workerId'> {
  /** `<worker>|<source>` */
  readonly _id: string;
  readonly worker: string;
}

export const observationSchema = new Schema<ObservationDocument>(
  {
    _id: { type: String, required: true },
    worker: { type: String, required: true },
    source: { type: String, required: true },
    // each source has values of its own kind
    values: { type: Schema.Types.Mixed, default: null },
    observedAt: { type: Date, default: null },
    sweepId: { type: String, default: null },
    lastError: { type: Schema.Types.Mixed, default: null },
    goodReads: { type: Number, required: true },
    failedReads: { type: Number, required: true },
  },
  readModelOptions('worker_observations'),
);
