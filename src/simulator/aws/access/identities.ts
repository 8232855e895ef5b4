import { plus, SECOND } from '../../../kernel/clocks';
import { type RoleOptions, type WorldOptions } from '../../simulator-options';
import { AwsError } from '../aws-error';

/** Who makes a call. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** What AssumeRole hands out. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly caller: Caller;
}

/** The keys that a request came with. */
export interface PresentedKeys {
  readonly service: string;
  readonly accessKeyId: string;
  readonly sessionToken: string | null;
}

const SESSION_KEYS = 'ASIA';
const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;

/** How each service says that a session is over, or that it never was. */
const EXPIRED: Readonly<Record<string, readonly [code: string, httpStatus: number]>> = {
  ec2: ['RequestExpired', 400],
  monitoring: ['ExpiredTokenException', 400],
};
const UNKNOWN: Readonly<Record<string, readonly [code: string, httpStatus: number]>> = {
  ec2: ['AuthFailure', 401],
  monitoring: ['UnrecognizedClientException', 403],
};

/**
 * Users and roles. A long-lived access key, whatever it is, belongs to the one user of the world's first account; keys
 * that AssumeRole handed out belong to the role's account until they expire.
 */
export class Identities {
  readonly user: Caller;
  private readonly sessions = new Map<string, SessionCredentials & { expired: boolean }>();

  constructor(private readonly options: WorldOptions) {
    const { accountId } = options;
    this.user = { accountId, arn: `arn:aws:iam::${accountId}:user/fleet`, userId: 'AIDASIMULATEDFLEETUSER' };
  }

  /** @throws AwsError where the keys are of a session that is unknown or over */
  callerOf({ service, accessKeyId, sessionToken }: PresentedKeys): Caller {
    if (!accessKeyId.startsWith(SESSION_KEYS)) return this.user;
    const session = this.sessions.get(accessKeyId);
    if (!session || session.sessionToken !== sessionToken) {
      const [code, status] = UNKNOWN[service] ?? ['InvalidClientTokenId', 403];
      throw new AwsError(code, 'AWS was not able to validate the provided access credentials', status);
    }
    if (session.expired || session.expiration <= this.options.wall.now()) {
      const [code, status] = EXPIRED[service] ?? ['ExpiredToken', 403];
      throw new AwsError(code, 'The security token included in the request is expired', status);
    }
    return session.caller;
  }

  /**
   * @param externalId null: the caller gives none
   * @throws AwsError AccessDenied for an unknown role as for a wrong external id, as STS does; ValidationError
   */
  assume(
    by: Caller,
    roleArn: string,
    sessionName: string,
    externalId: string | null,
    seconds: number,
  ): SessionCredentials {
    const role = this.options.roles.find(({ arn }) => arn === roleArn);
    if (!role || (role.externalId ?? null) !== (role.externalId == null ? null : externalId)) {
      throw new AwsError(
        'AccessDenied',
        `User: ${by.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    }
    if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
      throw new AwsError('ValidationError', `The requested DurationSeconds ${seconds} is not possible.`);
    }
    const key = this.options.ids.next().replaceAll('-', '').slice(-16).toUpperCase();
    const session = {
      accessKeyId: `${SESSION_KEYS}${key}`,
      secretAccessKey: `secret-of-${key}`,
      sessionToken: `session-${key}`,
      expiration: plus(this.options.wall.now(), seconds * SECOND),
      caller: callerIn(role, sessionName),
      expired: false,
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  /** Lets every session be over now, long before its time. */
  expireSessions(): void {
    for (const session of this.sessions.values()) session.expired = true;
  }
}

function callerIn({ arn }: RoleOptions, sessionName: string): Caller {
  const [, accountId = '', roleName = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return {
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    userId: `AROASIMULATEDROLE:${sessionName}`,
  };
}
