import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface AwsClientOptions {
  readonly connectionTimeoutMs: number;
  /** from the first byte to the end of the answer's headers, and the longest silence within the answer */
  readonly requestTimeoutMs: number;
  /** left out: what the SDK finds by itself, `AWS_ENDPOINT_URL_EC2` and the like included */
  readonly endpoint?: string;
  /** left out: the SDK's own chain of credentials */
  readonly credentials?: NonNullable<EC2ClientConfig['credentials']>;
}

/** The SDK's clients of one region. */
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

/** One set of clients per region, made when first needed, over one pool of connections. */
export class AwsClients {
  readonly requestTimeoutMs: number;
  private readonly regions = new Map<string, RegionClients>();
  private readonly handler: NodeHttpHandler;

  constructor(private readonly options: AwsClientOptions) {
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.handler = new NodeHttpHandler({
      connectionTimeout: options.connectionTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      // Without it a late answer is only logged, and waited for without end.
      throwOnRequestTimeout: true,
      socketTimeout: options.requestTimeoutMs,
    });
  }

  of(region: string): RegionClients {
    const known = this.regions.get(region);
    if (known) return known;
    const { endpoint, credentials } = this.options;
    const config = {
      region,
      requestHandler: this.handler,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    };
    const clients = {
      ec2: new EC2Client(config),
      ec2Once: new EC2Client({ ...config, maxAttempts: 1 }),
      cloudWatch: new CloudWatchClient(config),
      sts: new STSClient(config),
    };
    this.regions.set(region, clients);
    return clients;
  }

  /** Gives the connections back; for shutdown. */
  destroy(): void {
    for (const { ec2, ec2Once, cloudWatch, sts } of this.regions.values()) {
      for (const client of [ec2, ec2Once, cloudWatch, sts]) client.destroy();
    }
    this.regions.clear();
    this.handler.destroy();
  }
}
