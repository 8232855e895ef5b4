import { Global, Module, type Type } from '@nestjs/common';
import { CommandHandler, CqrsModule, QueryHandler } from '@nestjs/cqrs';
import { LeasedTicks } from '../../event-store';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { startHttpApp } from '../../http/testing/http-app';
import { MachineClock } from '../../kernel/clocks';
import {
  GetActiveWorkers,
  GetWorker,
  RecordCertificate,
  RecordInstances,
  UpdateServiceStatus,
  UpdateTelemetry,
} from '../../workers';
import { InstanceSource, MetricsSource } from '../application/ec2.ports';
import { ApiUsage, type RegionApiUsage } from '../application/api-usage';
import { CmlClient } from '../domain/ports';
import { TelemetryModule } from '../telemetry.module';
import { FakeCloudWatch, FakeEc2 } from './fake-ec2';
import { FakeCml } from './fake-cml';
import { RecordingCommands, WorkersQueries } from './recording-buses';
import { OPTIONS } from './telemetry-bench';

/** A full bucket, and a service that answers. */
export function usageOf(region: string): RegionApiUsage {
  const since = new Date('2027-01-01T11:00:00.000Z');
  const use = { available: 7, usedLastMinute: 3, throttledLastMinute: 1, waiting: 2 };
  return {
    apiBudget: [{ kind: `calls-of-${region}`, capacity: 10, refillPerSecond: 0.5, ...use }],
    circuits: [{ service: 'ec2', state: 'closed', since, openUntil: null }],
  };
}

/** The telemetry module as Nest wires it, behind HTTP, over fakes; the workers module is a list and a record. */
export async function telemetryApp() {
  const ec2 = new FakeEc2();
  const cml = new FakeCml();
  const workers = new WorkersQueries();
  const commands = new RecordingCommands();

  const answer = (query: Type) => {
    @QueryHandler(query)
    class Handler {
      execute(asked: object) {
        return workers.execute(asked);
      }
    }
    return Handler;
  };
  const take = (command: Type) => {
    @CommandHandler(command)
    class Handler {
      execute(given: object) {
        return commands.execute(given);
      }
    }
    return Handler;
  };
  const taken = [RecordInstances, RecordCertificate, UpdateServiceStatus, UpdateTelemetry];
  const outside = [
    { provide: InstanceSource, useValue: ec2 },
    { provide: CmlClient, useValue: cml },
    { provide: ApiUsage, useValue: { of: (region: string) => usageOf(region) } },
    { provide: MetricsSource, useValue: new FakeCloudWatch() },
    { provide: LeasedTicks, useFactory: (clock: MachineClock) => ticksOf(clock), inject: [MachineClock] },
  ];

  @Global()
  @Module({
    providers: [...outside, ...[GetActiveWorkers, GetWorker].map(answer), ...taken.map(take)],
    exports: outside.map(({ provide }) => provide),
  })
  class Outside {}

  const telemetry = TelemetryModule.forRoot({ ...OPTIONS, persistence: 'memory' });
  const http = await startHttpApp({ imports: [CqrsModule.forRoot(), Outside, telemetry] });
  return { http, ec2, cml, workers, commands };
}
