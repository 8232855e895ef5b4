import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type SubscriptionDefinition, SubscriptionHost } from '../event-store';
import { derivedId } from '../kernel/ids';
import { type OperationHandler, OperationHandlers } from '../operations';
import { CmlListeners, type CmlRead } from '../telemetry';
import { WorkerLicenseController } from './api/worker-license.controller';
import { GetLicenseHandler } from './application/get-license.query';
import { LicenseRequests } from './application/license-requests';
import { LICENSING_OPTIONS, type LicensingModuleOptions } from './application/licensing.options';
import { RecordLicense, RecordLicenseHandler } from './application/record-license.command';
import { ReleaseLicenseCommandHandler } from './application/release-license.command';
import { RenewLicenseCommandHandler } from './application/renew-license.command';
import { RequestLicenseHandler } from './application/request-license.command';
import { LicensePoolsModule } from './license-pools.module';
import { LICENSE_HANDLERS, LICENSING_STEPS, licensingProviders } from './licensing.providers';
import { WorkerLicensesModule } from './worker-licenses.module';

/**
 * The workers' CML licences: asked for, registered, renewed and given back, above all before an instance is terminated; and
 * the pools that they are of. LicensingClient, labs, telemetry, operations, the vault and the buses are the root's to
 * provide; workers answers over the buses.
 */
@Module({})
export class LicensingModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly listeners: CmlListeners,
    private readonly operations: OperationHandlers,
    private readonly commands: CommandBus,
    private readonly subscriptions: SubscriptionHost,
    @Inject(LICENSE_HANDLERS) private readonly handlers: readonly OperationHandler[],
    @Inject(LICENSING_STEPS) private readonly steps: readonly SubscriptionDefinition[],
  ) {}

  static forRoot(options: LicensingModuleOptions): DynamicModule {
    const pools = LicensePoolsModule.forRoot(options);
    return {
      module: LicensingModule,
      imports: [pools, WorkerLicensesModule],
      controllers: [WorkerLicenseController],
      providers: [
        ...[RequestLicenseHandler, ReleaseLicenseCommandHandler, RenewLicenseCommandHandler],
        ...[GetLicenseHandler, RecordLicenseHandler, LicenseRequests],
        ...licensingProviders(),
        { provide: LICENSING_OPTIONS, useValue: options },
      ],
      exports: [pools],
    };
  }

  onModuleInit(): void {
    for (const handler of this.handlers) this.operations.register(handler);
    this.listeners.onLicense((read) => this.record(read));
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const step of this.steps) await this.subscriptions.add(step);
  }

  private async record({ worker, after, licensed, context }: CmlRead<'cml-license'>): Promise<void> {
    const { values, observedAt } = after;
    if (values === null || observedAt === null) return;
    const own = { ...context, commandId: derivedId(context.commandId, 'license', worker.id) };
    await this.commands.execute(new RecordLicense(worker.id, { ...values, licensed }, observedAt, own));
  }
}
