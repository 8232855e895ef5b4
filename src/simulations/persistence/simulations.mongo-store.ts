import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, type QueryFilter } from 'mongoose';
import { answered } from '../../event-store';
import { MachineClock } from '../../kernel/clocks';
import { type SimulationPosition, SimulationStore } from '../domain/ports';
import { type Simulation, type SimulationSummary } from '../domain/simulation';
import {
  SIMULATION_MODEL,
  type SimulationDocument,
  summaryOf,
  toDocument,
  toSimulation,
} from './simulation.schema';

/** Of the result a list shows the sums only, and reads no more. */
const LISTS = { 'result.workers': 0, 'result.stops': 0, 'result.budgetHits': 0 } as const;

/** The collection `policy_simulations`; the server drops simulations when their time is over. */
@Injectable()
export class MongoSimulationStore extends SimulationStore {
  constructor(
    @InjectModel(SIMULATION_MODEL) private readonly model: Model<SimulationDocument>,
    private readonly clock: MachineClock,
  ) {
    super();
  }

  async put(simulation: Simulation): Promise<void> {
    const { _id, ...document } = toDocument(simulation, this.clock.now());
    await answered(() => this.model.replaceOne({ _id }, document, { upsert: true }));
  }

  async find(id: string): Promise<Simulation | null> {
    const found = await answered(async () => this.model.findById(id).lean<SimulationDocument | null>());
    return found && toSimulation(found);
  }

  async page(limit: number, after: SimulationPosition | null): Promise<SimulationSummary[]> {
    const found = await answered(async () =>
      this.model
        .find(after ? olderThan(after) : {}, LISTS)
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<SimulationDocument[]>(),
    );
    return found.map((document) => summaryOf(toSimulation(document)));
  }
}

function olderThan({ createdAt, id }: SimulationPosition): QueryFilter<SimulationDocument> {
  return { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
}
