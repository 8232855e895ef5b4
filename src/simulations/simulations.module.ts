import { type Abstract, type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { OperationHandlers } from '../operations';
import { VerdictBook } from '../reaper';
import { SimulationsController } from './api/simulations.controller';
import { GetSimulationHandler } from './application/get-simulation.query';
import { ListSimulationsHandler } from './application/list-simulations.query';
import { PastReader } from './application/past-reader';
import { PolicySimulationHandler } from './application/policy-simulation.handler';
import { SimulatePolicyHandler } from './application/simulate-policy.command';
import { SIMULATION_OPTIONS, type SimulationOptions } from './application/simulation.options';
import { PastVerdicts, SimulationStore } from './domain/ports';
import { SIMULATION_MODEL, simulationSchema } from './persistence/simulation.schema';
import { MemorySimulationStore } from './persistence/simulations.memory-store';
import { MongoSimulationStore } from './persistence/simulations.mongo-store';

export interface SimulationsModuleOptions extends SimulationOptions {
  readonly persistence: 'memory' | 'mongo';
  /** the reaper's, which keeps its verdicts */
  readonly imports: NonNullable<DynamicModule['imports']>;
}

const KEPT_VERDICTS: Abstract<PastVerdicts> = VerdictBook;

/**
 * Replays policies over what is recorded. The clocks, the event store, operations, policies and the buses are the root's
 * to provide globally; workers and telemetry answer over the buses.
 */
@Module({})
export class SimulationsModule implements OnModuleInit {
  constructor(
    private readonly operations: OperationHandlers,
    private readonly handler: PolicySimulationHandler,
  ) {}

  static forRoot({ persistence, imports, ...options }: SimulationsModuleOptions): DynamicModule {
    const mongo = persistence === 'mongo';
    const models = [{ name: SIMULATION_MODEL, schema: simulationSchema }];
    return {
      module: SimulationsModule,
      imports: [...imports, ...(mongo ? [MongooseModule.forFeature(models)] : [])],
      controllers: [SimulationsController],
      providers: [
        ...[SimulatePolicyHandler, GetSimulationHandler, ListSimulationsHandler],
        ...[PolicySimulationHandler, PastReader],
        { provide: SIMULATION_OPTIONS, useValue: options },
        { provide: PastVerdicts, useExisting: KEPT_VERDICTS },
        { provide: SimulationStore, useClass: mongo ? MongoSimulationStore : MemorySimulationStore },
      ],
    };
  }

  onModuleInit(): void {
    this.operations.register(this.handler);
  }
}
