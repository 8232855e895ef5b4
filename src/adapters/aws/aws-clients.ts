import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AssumedRoles } from './assumed-roles';
import { type AwsCalls } from './calls/aws-calls';
import { type Service } from './calls/circuit';
import { countCalls } from './calls/count-calls';
import { refreshCredentials } from './calls/refresh-credentials';
import { type Purpose } from './calls/token-queue';

/** Connections to one service of one region at most: a region that hangs must not hold those of the others. */
const SOCKETS = 20;

export interface AwsClientOptions {
  readonly connectionTimeoutMs: number;
  /** from the first byte to the end of the answer's headers, and the longest silence within the answer */
  readonly requestTimeoutMs: number;
  /** left out: what the SDK finds by itself, `AWS_ENDPOINT_URL_EC2` and the like included */
  readonly endpoint?: string;
  /** left out: the SDK's own chain of credentials */
  readonly credentials?: NonNullable<EC2ClientConfig['credentials']>;
  /** of the regions that have a role of their own */
  readonly roles?: AssumedRoles;
}

/** The SDK's clients of one region, for one purpose. */
export interface RegionClients {
  /** repeats what failed in passing, up to three times in all */
  readonly ec2: EC2Client;
  /**
   * Sends once: for RunInstances and StartInstances, whose small rate limit (5 calls, 2 more a second) the SDK would
   * drain by repeating InsufficientInstanceCapacity at once, since that comes as HTTP 500; and for stops that must not
   * be sent late.
   */
  readonly ec2Once: EC2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly sts: STSClient;
}

/**
 * Clients per region and purpose, made when first needed. A region has connections of its own, and whatever its clients
 * send is counted and held back by `AwsCalls`.
 */
export class AwsClients {
  readonly requestTimeoutMs: number;
  private readonly made = new Map<string, RegionClients>();
  private readonly handlers = new Map<string, NodeHttpHandler>();

  constructor(
    private readonly options: AwsClientOptions,
    readonly calls: AwsCalls,
  ) {
    this.requestTimeoutMs = options.requestTimeoutMs;
  }

  /** @param purpose who waits first for a call: commands do, before sweeps */
  of(region: string, purpose: Purpose = 'command'): RegionClients {
    const key = `${region}/${purpose}`;
    const known = this.made.get(key);
    if (known) return known;
    const clients = this.make(region, purpose);
    this.made.set(key, clients);
    return clients;
  }

  /** Gives the connections back; for shutdown. */
  destroy(): void {
    for (const { ec2, ec2Once, cloudWatch, sts } of this.made.values()) {
      for (const client of [ec2, ec2Once, cloudWatch, sts]) client.destroy();
    }
    for (const handler of this.handlers.values()) handler.destroy();
    this.made.clear();
    this.handlers.clear();
    this.options.roles?.destroy();
  }

  private make(region: string, purpose: Purpose): RegionClients {
    const { endpoint, roles } = this.options;
    const credentials = roles?.of(region) ?? this.options.credentials;
    const config = {
      region,
      requestHandler: this.handler(region),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    };
    const prepared = <C extends Parameters<typeof refreshCredentials>[0]>(client: C, service: Service): C => {
      countCalls(client, this.calls, { region, service, purpose });
      refreshCredentials(client);
      return client;
    };
    return {
      ec2: prepared(new EC2Client(config), 'ec2'),
      ec2Once: prepared(new EC2Client({ ...config, maxAttempts: 1 }), 'ec2'),
      cloudWatch: prepared(new CloudWatchClient(config), 'cloudwatch'),
      sts: prepared(new STSClient(config), 'sts'),
    };
  }

  private handler(region: string): NodeHttpHandler {
    const known = this.handlers.get(region);
    if (known) return known;
    const { connectionTimeoutMs, requestTimeoutMs } = this.options;
    const agent = { keepAlive: true, maxSockets: SOCKETS };
    const handler = new NodeHttpHandler({
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it a late answer is only logged, and waited for without end.
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
      httpAgent: agent,
      httpsAgent: agent,
    });
    this.handlers.set(region, handler);
    return handler;
  }
}
