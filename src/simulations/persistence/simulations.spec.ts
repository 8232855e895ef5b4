import { type Model } from 'mongoose';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { ManualClock } from '../../kernel/clocks';
import { aSimulation } from '../testing/simulation.builder';
import { SIMULATION_MODEL, type SimulationDocument, simulationSchema } from './simulation.schema';
import { simulationsContract } from './simulations.contract';
import { MemorySimulationStore } from './simulations.memory-store';
import { MongoSimulationStore } from './simulations.mongo-store';

describe('simulations in memory', () => {
  simulationsContract(() => Promise.resolve(new MemorySimulationStore()));
});

describe('simulations in Mongo', () => {
  let database: TestDatabase;
  let model: Model<SimulationDocument>;

  beforeAll(async () => {
    database = await openTestDatabase();
    model = database.connection.model<SimulationDocument>(SIMULATION_MODEL, simulationSchema);
    await model.createIndexes();
  });
  afterAll(() => database.drop());
  beforeEach(() => model.deleteMany({}));

  const clock = new ManualClock(new Date('2027-03-01T00:00:00.000Z'));
  simulationsContract(() => Promise.resolve(new MongoSimulationStore(model, clock)));

  it('live for 90 days of machine time', async () => {
    await new MongoSimulationStore(model, clock).put(aSimulation());
    const [document] = await model.find().lean<SimulationDocument[]>();
    expect(document?.storedAt).toEqual(clock.now());
    expect(await model.listIndexes()).toContainEqual(
      expect.objectContaining({ key: { storedAt: 1 }, expireAfterSeconds: 7_776_000 }),
    );
  });
});
