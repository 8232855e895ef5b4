import { Logger, type Provider } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { checkedProvider, EventDecoder, type ProcessStep, processStep } from '../event-store';
import { FleetClock } from '../kernel/clocks';
import { IdSource } from '../kernel/ids';
import { SystemTimers } from '../kernel/timers';
import { LabShutdown, TopologyKeeper } from '../labs';
import { Operations } from '../operations';
import { SecretVault } from '../secrets';
import { CmlServers } from '../telemetry';
import { LicensePools } from './application/license-pools';
import { type LicenseServices } from './application/license-work';
import { LicensingClient } from './application/licensing-client';
import { LICENSING_OPTIONS, type LicensingModuleOptions } from './application/licensing.options';
import * as steps from './application/licensing.steps';
import { PrepareTerminationHandler } from './application/prepare-termination.handler';
import { RegisterLicenseHandler } from './application/register-license.handler';
import { ReleaseLicenseHandler } from './application/release-license.handler';
import { RenewLicenseHandler } from './application/renew-license.handler';
import { LicensePoolRepository } from './domain/license-pool-ports';
import { WorkerLicenses } from './domain/worker-license-ports';
import { WORKER_LICENSE_DEFINITION } from './persistence/worker-license-definition';

/** Who carries out the operations on licences. */
export const LICENSE_HANDLERS = Symbol('handlers of operations on licences');
/** What is done about events of workers and their licences, durably. */
export const LICENSING_STEPS = Symbol('steps of licensing');

const logger = new Logger('Licensing');

/** What operations and steps are made from, but for commands and queries. */
export function licensingProviders(): Provider[] {
  return [
    checkedProvider(
      LicenseWork,
      [
        WorkerLicenses,
        LicensePools,
        LicensingClient,
        CmlServers,
        SecretVault,
        CommandBus,
        QueryBus,
        FleetClock,
        IdSource,
      ],
      (licenses, pools, client, servers, vault, commands, queries, clock, ids) =>
        new LicenseWork({
          ...{ licenses, pools, client, servers, vault, commands, queries, clock, ids },
          timers: new SystemTimers(),
        }),
    ),
    {
      provide: LICENSE_HANDLERS,
      inject: [LicenseWork, LabShutdown, TopologyKeeper],
      useFactory: ({ services }: LicenseWork, labs: LabShutdown, topologies: TopologyKeeper) => [
        new RegisterLicenseHandler(services),
        new ReleaseLicenseHandler(services, labs),
        new RenewLicenseHandler(services),
        new PrepareTerminationHandler(services, labs, topologies),
      ],
    },
    {
      provide: LICENSING_STEPS,
      inject: [LicenseWork, LicensePoolRepository, Operations, EventDecoder, LICENSING_OPTIONS],
      useFactory: (
        { services }: LicenseWork,
        poolsByName: LicensePoolRepository,
        operations: Operations,
        decoder: EventDecoder,
        options: LicensingModuleOptions,
      ) =>
        stepsOf({ ...services, poolsByName, operations }, options).map((step) => processStep(step, decoder)),
    },
  ];
}

/** The services of operations on licences, as one thing that can be asked for. */
class LicenseWork {
  constructor(readonly services: LicenseServices) {}
}

function stepsOf(services: steps.StepServices, { defaultPool }: LicensingModuleOptions): ProcessStep[] {
  const warn = (message: string) => logger.warn(message);
  return [
    ...(defaultPool === null ? [] : [steps.licenseAvailableWorkers(services, defaultPool, warn)]),
    steps.prepareTerminations(services),
    steps.settleLicenses(services),
    steps.acceptLicenseOperations(services, WORKER_LICENSE_DEFINITION.streamPrefix),
  ];
}
