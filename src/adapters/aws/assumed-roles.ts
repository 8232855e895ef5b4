import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Secret } from '../../kernel/secret';
import { ComputeError } from '../../workers';
import { computeErrorOf } from './aws-errors';

/** A role by which this process acts in a region. */
export interface RegionRole {
  /** `*`: each region that has no role of its own */
  readonly region: string;
  /** `arn:aws:iam::123456789012:role/cml-fleet` */
  readonly roleArn: string;
}

export interface AssumedRolesOptions {
  readonly roles: readonly RegionRole[];
  /** what the roles' trust policies may demand; null: nothing is sent */
  readonly externalId: Secret | null;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** of STS; left out: what the SDK finds by itself, `AWS_ENDPOINT_URL_STS` included */
  readonly endpoint?: string;
  /** what the roles are assumed with; left out: the SDK's own chain */
  readonly credentials?: NonNullable<STSClientConfig['credentials']>;
}

export type CredentialProvider = STSClient['config']['credentials'];

/** Under which the calls stand in CloudTrail. */
const SESSION_NAME = 'cml-fleet';

/**
 * Temporary credentials by roles, one set per region. They live an hour, and are renewed when they are used within their
 * last five minutes (both are the SDK's doing).
 */
export class AssumedRoles {
  private readonly holders = new Map<string, STSClient>();
  private readonly handler: NodeHttpHandler;

  constructor(private readonly options: AssumedRolesOptions) {
    const { connectionTimeoutMs: connectionTimeout, requestTimeoutMs: requestTimeout } = options;
    this.handler = new NodeHttpHandler({
      connectionTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
      // the longest silence within an answer
      socketTimeout: requestTimeout,
    });
  }

  roleOf(region: string): string | null {
    const { roles } = this.options;
    const found = roles.find((role) => role.region === region) ?? roles.find((role) => role.region === '*');
    return found?.roleArn ?? null;
  }

  /**
   * The credentials of a region, for all its clients; null where no role is set for it. The provider throws ComputeError
   * when AWS refuses the role.
   */
  of(region: string): CredentialProvider | null {
    const roleArn = this.roleOf(region);
    if (roleArn === null) return null;
    const holder = this.holders.get(region) ?? this.holderOf(region, roleArn);
    this.holders.set(region, holder);
    return holder.config.credentials;
  }

  destroy(): void {
    for (const holder of this.holders.values()) holder.destroy();
    this.holders.clear();
    this.handler.destroy();
  }

  /** A client keeps its credentials for as long as they last; what it is for is to be asked for them. */
  private holderOf(region: string, roleArn: string): STSClient {
    const { externalId, endpoint, credentials } = this.options;
    const provider = fromTemporaryCredentials({
      params: {
        RoleArn: roleArn,
        RoleSessionName: SESSION_NAME,
        ...(externalId && { ExternalId: externalId.reveal() }),
      },
      ...(credentials && { masterCredentials: credentials }),
      clientConfig: { region, requestHandler: this.handler, ...(endpoint !== undefined && { endpoint }) },
    });
    return new STSClient({
      region,
      credentials: async (properties) => {
        try {
          return await provider(properties);
        } catch (error) {
          throw refusedRole(error, region, roleArn);
        }
      },
    });
  }
}

/** AWS's own words are left out: those about an external id quote it. */
function refusedRole(error: unknown, region: string, roleArn: string): ComputeError {
  const { kind, failure, awsCode } = computeErrorOf(error, { action: 'AssumeRole', region, changes: false });
  if (kind === 'unavailable') {
    return new ComputeError(
      failure,
      awsCode,
      `The role ${roleArn} for ${region} could not be assumed, as STS could not be asked (${awsCode}). It is tried again.`,
    );
  }
  return new ComputeError(
    'credentials',
    awsCode,
    `AWS does not let us assume the role ${roleArn} for ${region} (${awsCode}). Check that it exists, that its trust ` +
      'policy names our identity and the external id of FLEET_AWS_EXTERNAL_ID, and that our policy allows sts:AssumeRole ' +
      'on it.',
  );
}
