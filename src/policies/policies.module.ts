import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  DirectoryFeed,
  EventDecoder,
  EventRegistry,
  EventStore,
  LeasedTicks,
  Reservations,
} from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { PolicySource } from '../reaper';
import { IdlePolicyNames, SnoozeCap } from '../workers';
import { FleetPolicyController } from './api/fleet-policy.controller';
import { PoliciesController } from './api/policies.controller';
import { PolicyVersionsController } from './api/policy-versions.controller';
import { WorkerPolicyController } from './api/worker-policy.controller';
import { ComparePolicyVersionsHandler } from './application/compare-policy-versions.query';
import { CreatePolicyHandler } from './application/create-policy.command';
import { DeletePolicyHandler } from './application/delete-policy.command';
import { DeleteWorkerPolicyHandler } from './application/delete-worker-policy.command';
import { GetFleetPolicyHandler } from './application/get-fleet-policy.query';
import { GetPolicyHandler } from './application/get-policy.query';
import { GetWorkerPolicyHandler } from './application/get-worker-policy.query';
import { ListPoliciesHandler } from './application/list-policies.query';
import { ListPolicyVersionsHandler } from './application/list-policy-versions.query';
import { PoliciesSchedules } from './application/policies.schedules';
import { POLICY_BASIS, type PolicyBasis } from './application/policy-basis';
import { PolicyCheck } from './application/policy-check';
import { PolicyDirectory } from './application/policy-directory';
import { PolicyDrafts } from './application/policy-drafts';
import { PolicyMerger } from './application/policy-merger';
import { PolicySnoozeCap } from './application/policy-snooze-cap';
import { PutFleetPolicyHandler } from './application/put-fleet-policy.command';
import { PutWorkerPolicyHandler } from './application/put-worker-policy.command';
import { ReplacePolicyHandler } from './application/replace-policy.command';
import { StoredPolicyNames } from './application/stored-policy-names';
import { WrittenPolicies } from './application/written-policies';
import { PolicyRepository } from './domain/ports';
import { POLICY_EVENTS } from './domain/policy-events';
import { type PolicyState, type WrittenPolicy } from './domain/written-policy';
import { EventSourcedPolicyRepository } from './persistence/event-sourced.policy-repository';
import { POLICY_DEFINITION } from './persistence/policy-definition';

export interface PoliciesModuleOptions extends PolicyBasis {
  /** off in tests that run the ticks by hand */
  readonly autostart: boolean;
}

const AUTOSTART = Symbol('autostart of policies');

const HANDLERS = [
  ...[PutFleetPolicyHandler, CreatePolicyHandler, ReplacePolicyHandler, DeletePolicyHandler],
  ...[PutWorkerPolicyHandler, DeleteWorkerPolicyHandler],
  ...[GetFleetPolicyHandler, GetPolicyHandler, ListPoliciesHandler, GetWorkerPolicyHandler],
  ...[ListPolicyVersionsHandler, ComparePolicyVersionsHandler],
];

/**
 * Idle policies: binds the PolicySource of the reaper, and the IdlePolicyNames and the SnoozeCap of workers. The clocks, the event store and
 * the buses are the root's to provide.
 */
@Module({})
export class PoliciesModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly policies: AggregateDirectory<WrittenPolicy, PolicyState>,
    private readonly schedules: PoliciesSchedules,
    @Inject(AUTOSTART) private readonly autostart: boolean,
  ) {}

  static forRoot({ autostart, ...basis }: PoliciesModuleOptions): DynamicModule {
    return {
      module: PoliciesModule,
      global: true,
      controllers: [
        ...[FleetPolicyController, PoliciesController, PolicyVersionsController],
        WorkerPolicyController,
      ],
      providers: [
        ...HANDLERS,
        ...storage(),
        ...merging(basis),
        { provide: POLICY_BASIS, useValue: basis },
        { provide: AUTOSTART, useValue: autostart },
      ],
      exports: [PoliciesSchedules, PolicySource, PolicyDrafts, IdlePolicyNames, SnoozeCap],
    };
  }

  onModuleInit(): void {
    this.registry.register(POLICY_EVENTS);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.policies);
    if (this.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}

function storage(): Provider[] {
  const logger = new Logger('Policies');
  return [
    checkedProvider(
      AggregateDirectory<WrittenPolicy, PolicyState>,
      [EventDecoder],
      (decoder) =>
        new AggregateDirectory(POLICY_DEFINITION, decoder, (err, during) =>
          logger.error({ err }, `failed to ${during}`),
        ),
    ),
    checkedProvider(
      PolicyDirectory,
      [AggregateDirectory<WrittenPolicy, PolicyState>],
      (policies) => new PolicyDirectory(policies),
    ),
    checkedProvider(
      PolicyRepository,
      [AggregateStores, EventStore, EventDecoder, Reservations, PolicyDirectory],
      (stores, store, decoder, reservations, directory) =>
        new EventSourcedPolicyRepository(
          stores.open(POLICY_DEFINITION, (_commit, _events, policy) => directory.put(policy)),
          store,
          decoder,
          reservations,
        ),
    ),
    checkedProvider(IdlePolicyNames, [PolicyRepository], (policies) => new StoredPolicyNames(policies)),
    checkedProvider(
      PoliciesSchedules,
      [PolicyRepository, PolicyDirectory, LeasedTicks, MachineClock],
      (policies, directory, ticks, clock) => new PoliciesSchedules(policies, directory, ticks, clock),
    ),
  ];
}

function merging(basis: PolicyBasis): Provider[] {
  const logger = new Logger('Policies');
  return [
    { provide: PolicyMerger, useFactory: () => new PolicyMerger(basis) },
    checkedProvider(
      PolicyCheck,
      [PolicyDirectory, PolicyMerger],
      (directory, merger) => new PolicyCheck(directory, merger, basis),
    ),
    checkedProvider(
      WrittenPolicies,
      [PolicyDirectory, PolicyMerger, DirectoryFeed, AggregateDirectory<WrittenPolicy, PolicyState>],
      (directory, merger, feed, policies) =>
        new WrittenPolicies({
          ...{ directory, merger, basis },
          isFilled: () => feed.follows(policies),
          warn: (problem) => logger.warn({ problem }, 'nothing is stopped where this policy would hold'),
        }),
    ),
    { provide: PolicySource, useExisting: WrittenPolicies },
    checkedProvider(SnoozeCap, [WrittenPolicies], (policies) => new PolicySnoozeCap(policies)),
    checkedProvider(
      PolicyDrafts,
      [PolicyDirectory, PolicyMerger],
      (directory, merger) => new PolicyDrafts(directory, merger, basis),
    ),
  ];
}
