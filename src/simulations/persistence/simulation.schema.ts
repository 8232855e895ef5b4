import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type Simulation, type SimulationSummary } from '../domain/simulation';

export const SIMULATION_MODEL = 'PolicySimulation';

const LIFE_SECONDS = 90 * 24 * 3_600;

export interface SimulationDocument extends Omit<Simulation, 'id'> {
  readonly _id: string;
  /** machine time, which its end of life counts from */
  readonly storedAt: Date;
}

const time = { type: Date, required: true };

export const simulationSchema = new Schema<SimulationDocument>(
  {
    _id: { type: String, required: true },
    createdAt: time,
    createdBy: { type: String, required: true },
    finishedAt: time,
    storedAt: time,
    from: time,
    to: time,
    policy: { type: Schema.Types.Mixed, default: null },
    workerIds: { type: [String], default: null },
    tag: { type: [String], default: null },
    result: { type: Schema.Types.Mixed, required: true },
  },
  { ...readModelOptions('policy_simulations'), minimize: false },
);

simulationSchema.index({ createdAt: -1, _id: -1 }, { name: 'newest' });
simulationSchema.index({ storedAt: 1 }, { name: 'expiry', expireAfterSeconds: LIFE_SECONDS });

export function toDocument({ id, ...rest }: Simulation, storedAt: Date): SimulationDocument {
  return { ...rest, _id: id, storedAt };
}

export function toSimulation({ _id, storedAt: _storedAt, ...rest }: SimulationDocument): Simulation {
  return { ...rest, id: _id };
}

export function summaryOf({ result: { totals }, ...rest }: Simulation): SimulationSummary {
  return { ...rest, totals };
}
