import { readFileSync } from 'node:fs';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AssumedRoles } from './adapters/aws/assumed-roles';
import { AwsClients } from './adapters/aws/aws-clients';
import { AwsCalls } from './adapters/aws/calls/aws-calls';
import { registerCallMetrics } from './adapters/aws/calls/call-metrics';
import { CloudWatchMetrics } from './adapters/aws/cloudwatch-metrics';
import { Ec2Compute } from './adapters/aws/ec2-compute';
import { Ec2InstanceFinder } from './adapters/aws/ec2-instance-finder';
import { Ec2InstanceSource } from './adapters/aws/ec2-instance-source';
import { Ec2Leftovers } from './adapters/aws/ec2-leftovers';
import { type CmlClientOptions, CmlHttpClient } from './adapters/cml/cml-http-client';
import { type Settings } from './config/settings';
import { InstanceFinder } from './discovery';
import { Installation } from './event-store';
import { FleetClock, MachineClock, SECOND } from './kernel/clocks';
import { Secret } from './kernel/secret';
import { SystemTimers } from './kernel/timers';
import { MetricsRegistry } from './metrics';
import { LeftoverSource } from './orphans';
import { ApiUsage, CmlClient, InstanceSource, MetricsSource } from './telemetry';
import { ComputeProvider } from './workers';

/** One request to AWS or CML takes this long at most. */
const REQUEST_TIMEOUT_MS = 10 * SECOND;
const TIMEOUTS = { connectionTimeoutMs: 5 * SECOND, requestTimeoutMs: REQUEST_TIMEOUT_MS };

/** Binds the ports to AWS and CML to their adapters. Endpoints and credentials of AWS are the SDK's own to find. */
@Module({})
export class AdaptersModule implements OnApplicationShutdown {
  constructor(
    private readonly clients: AwsClients,
    private readonly cml: CmlHttpClient,
  ) {}

  static forRoot(settings: Settings): DynamicModule {
    const cml = cmlOptions(settings);
    return {
      module: AdaptersModule,
      global: true,
      providers: [
        {
          provide: AwsCalls,
          inject: [MachineClock, MetricsRegistry],
          useFactory: (machine: MachineClock, metrics: MetricsRegistry) => {
            const sharePercent = settings.FLEET_AWS_API_SHARE_PERCENT;
            const parts = { machine, timers: new SystemTimers(), random: Math.random };
            const calls = new AwsCalls({ ...parts, sharePercent });
            registerCallMetrics(calls, metrics);
            return calls;
          },
        },
        { provide: ApiUsage, useExisting: AwsCalls },
        {
          provide: AwsClients,
          inject: [AwsCalls],
          useFactory: (calls: AwsCalls) =>
            new AwsClients({ ...TIMEOUTS, roles: assumedRoles(settings) }, calls),
        },
        {
          provide: ComputeProvider,
          inject: [AwsClients, MachineClock, Installation],
          useFactory: async (clients: AwsClients, machine: MachineClock, installation: Installation) =>
            new Ec2Compute(clients, machine, {
              installationId: await installation.id(),
              imageOwnerIds: settings.FLEET_AMI_OWNERS,
            }),
        },
        {
          provide: InstanceSource,
          inject: [AwsClients, MachineClock],
          useFactory: (clients: AwsClients, machine: MachineClock) => new Ec2InstanceSource(clients, machine),
        },
        {
          provide: InstanceFinder,
          inject: [AwsClients],
          useFactory: (clients: AwsClients) =>
            new Ec2InstanceFinder(clients, { imageOwnerIds: settings.FLEET_AMI_OWNERS }),
        },
        {
          provide: LeftoverSource,
          inject: [AwsClients],
          useFactory: (clients: AwsClients) => new Ec2Leftovers(clients),
        },
        {
          provide: MetricsSource,
          inject: [AwsClients, FleetClock],
          useFactory: (clients: AwsClients, fleet: FleetClock) =>
            new CloudWatchMetrics(clients, fleet, {
              memory: settings.FLEET_CLOUDWATCH_MEMORY,
              agentDimensions: settings.FLEET_CLOUDWATCH_AGENT_DIMENSIONS,
            }),
        },
        {
          provide: CmlHttpClient,
          inject: [MachineClock, FleetClock],
          useFactory: (machine: MachineClock, fleet: FleetClock) => new CmlHttpClient(cml, machine, fleet),
        },
        { provide: CmlClient, useExisting: CmlHttpClient },
      ],
      exports: [
        ApiUsage,
        ComputeProvider,
        InstanceFinder,
        InstanceSource,
        LeftoverSource,
        MetricsSource,
        CmlClient,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.clients.destroy();
    await this.cml.close();
  }
}

function assumedRoles(settings: Settings): AssumedRoles {
  const externalId = settings.FLEET_AWS_EXTERNAL_ID ?? null;
  return new AssumedRoles({ ...TIMEOUTS, roles: settings.FLEET_AWS_ASSUME_ROLES, externalId });
}

/** Without credentials nothing is read of CML; the client is there all the same, and would be refused. */
function cmlOptions(settings: Settings): CmlClientOptions {
  const ca = settings.FLEET_CML_CA_FILE;
  return {
    username: settings.FLEET_CML_USERNAME ?? '',
    password: settings.FLEET_CML_PASSWORD ?? new Secret(''),
    port: settings.FLEET_CML_PORT,
    tls: settings.FLEET_CML_TLS,
    timeoutMs: REQUEST_TIMEOUT_MS,
    ...(ca !== undefined && { caPem: readFileSync(ca, 'utf8') }),
    ...(settings.FLEET_CML_PROXY !== undefined && { proxy: settings.FLEET_CML_PROXY }),
  };
}
