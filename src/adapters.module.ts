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
import { CmlAccounts } from './adapters/cml/cml-accounts';
import { type ConnectorOptions } from './adapters/cml/cml-connector';
import { CmlHttpClient } from './adapters/cml/cml-http-client';
import { CmlLabClient } from './adapters/cml/cml-lab-client';
import { CmlLicensingClient } from './adapters/cml/cml-licensing-client';
import { CmlLinks } from './adapters/cml/cml-links';
import { CML_TIMEOUTS } from './adapters/cml/cml-request';
import { CONNECTION_LIMITS, ConnectionLimits } from './adapters/cml/connection-limits';
import { type Settings } from './config/settings';
import { InstanceFinder } from './discovery';
import { Installation } from './event-store';
import { FleetClock, MachineClock, SECOND } from './kernel/clocks';
import { SystemTimers } from './kernel/timers';
import { Tracer } from './kernel/tracing';
import { LabClient } from './labs';
import { LicensingClient } from './licensing';
import { MetricsRegistry } from './metrics';
import { LeftoverSource } from './orphans';
import { isOtherMachine } from './outbound';
import { SecretVault } from './secrets';
import { ApiUsage, CmlClient, InstanceSource, MetricsSource } from './telemetry';
import { ComputeProvider } from './workers';

/** One request to AWS takes this long at most. */
const TIMEOUTS = { connectionTimeoutMs: 5 * SECOND, requestTimeoutMs: 10 * SECOND };
/** A connection to a CML server, through the proxy and with the handshake. */
const CML_CONNECT_TIMEOUT_MS = 10 * SECOND;

/** Binds the ports to AWS and CML to their adapters. Endpoints and credentials of AWS are the SDK's own to find. */
@Module({})
export class AdaptersModule implements OnApplicationShutdown {
  constructor(
    private readonly clients: AwsClients,
    private readonly cml: CmlLinks,
  ) {}

  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AdaptersModule,
      global: true,
      providers: [
        {
          provide: AwsCalls,
          inject: [MachineClock, MetricsRegistry, Tracer],
          useFactory: (machine: MachineClock, metrics: MetricsRegistry, tracer: Tracer) => {
            const sharePercent = settings.FLEET_AWS_API_SHARE_PERCENT;
            const parts = { machine, timers: new SystemTimers(), random: Math.random };
            const calls = new AwsCalls({ ...parts, sharePercent, tracer });
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
          provide: CmlLinks,
          inject: [SecretVault, MachineClock, FleetClock, Tracer],
          useFactory: (vault: SecretVault, machine: MachineClock, fleet: FleetClock, tracer: Tracer) =>
            new CmlLinks({
              options: cmlOptions(settings),
              timeouts: CML_TIMEOUTS,
              limits: new ConnectionLimits(CONNECTION_LIMITS),
              accounts: cmlAccounts(settings, vault),
              machine,
              fleet,
              timers: new SystemTimers(),
              tracer,
            }),
        },
        {
          provide: CmlClient,
          inject: [CmlLinks, FleetClock],
          useFactory: (links: CmlLinks, fleet: FleetClock) => new CmlHttpClient(links, fleet),
        },
        {
          provide: LabClient,
          inject: [CmlLinks],
          useFactory: (links: CmlLinks) => new CmlLabClient(links),
        },
        {
          provide: LicensingClient,
          inject: [CmlLinks],
          useFactory: (links: CmlLinks) => new CmlLicensingClient(links),
        },
      ],
      exports: [
        ApiUsage,
        ComputeProvider,
        InstanceFinder,
        InstanceSource,
        LabClient,
        LeftoverSource,
        LicensingClient,
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

/** Without an account of the fleet only servers with one of their own can be asked for more than their version. */
function cmlAccounts(settings: Settings, vault: SecretVault): CmlAccounts {
  const { FLEET_CML_USERNAME: username, FLEET_CML_PASSWORD: password } = settings;
  return new CmlAccounts(username !== undefined && password ? { username, password } : null, vault);
}

function cmlOptions(settings: Settings): ConnectorOptions {
  const ca = settings.FLEET_CML_CA_FILE;
  return {
    port: settings.FLEET_CML_PORT,
    tls: settings.FLEET_CML_TLS,
    connectTimeoutMs: CML_CONNECT_TIMEOUT_MS,
    accepts: isOtherMachine,
    ...(ca !== undefined && { caPem: readFileSync(ca, 'utf8') }),
    ...(settings.FLEET_CML_PROXY !== undefined && { proxy: settings.FLEET_CML_PROXY }),
  };
}
