import { type FleetClock, type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { CmlError } from '../../telemetry';
import { type OwnAccount } from './activity-reading';
import { bodyOf, type CmlAnswer, type CmlRequests, MAX_ANSWER_BYTES } from './cml-request';
import { claimsOf } from './cml-token';
import { recordIn, textIn } from './unknown-json';

export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

/** CML counts failed logins and locks out who tries too often. */
const PAUSE_AFTER_REFUSAL_MS = 5 * MINUTE;
/** 403: wrong user name or password; 429: too many tries. */
const REFUSALS: readonly number[] = [403, 429];
const BUILT_IN_ADMIN = 'admin';
const LOGINS_KEPT = 50;

interface Login {
  readonly token: Secret;
  readonly renewAt: Date | null;
  readonly userId: string | null;
}

/** Our account on one server: logs in when needed, never twice at once, and remembers when. */
export class CmlSession {
  private login: Login | null = null;
  private loggingIn: Promise<Login> | null = null;
  private refused: { readonly error: CmlError; readonly until: Date } | null = null;
  private logins: { readonly from: Date; readonly to: Date }[] = [];

  constructor(
    private readonly requests: CmlRequests,
    private readonly credentials: Credentials,
    private readonly machine: MachineClock,
    private readonly fleet: FleetClock,
  ) {}

  /** Whose traces are ours; complete after the first `get`. */
  get account(): OwnAccount {
    const builtInAdmin = this.credentials.username === BUILT_IN_ADMIN;
    return { userId: this.login?.userId ?? null, builtInAdmin, logins: this.logins };
  }

  /**
   * GET with our token. A token that the server does not take (any more) is replaced once.
   * @throws CmlError; `credentials` without asking the server while it refused them minutes ago
   */
  async get(path: string, signal: AbortSignal, maxBytes = MAX_ANSWER_BYTES): Promise<CmlAnswer> {
    const first = await this.current();
    const answer = await this.getAs(first, path, signal, maxBytes);
    if (answer.status !== 401) return answer;
    if (this.login === first) this.login = null;
    const repeated = await this.getAs(await this.current(), path, signal, maxBytes);
    if (repeated.status === 401) {
      throw this.pause('The server takes no token that it gave us itself.', 'credentials');
    }
    return repeated;
  }

  private getAs({ token }: Login, path: string, signal: AbortSignal, maxBytes: number): Promise<CmlAnswer> {
    return this.requests.send({ method: 'GET', path, token: token.reveal(), maxBytes }, signal);
  }

  private async current(): Promise<Login> {
    const { login } = this;
    if (login && (login.renewAt === null || this.machine.now() < login.renewAt)) return login;
    this.loggingIn ??= this.logIn().finally(() => (this.loggingIn = null));
    return this.loggingIn;
  }

  private async logIn(): Promise<Login> {
    if (this.refused && this.machine.now() < this.refused.until) throw this.refused.error;
    const { username, password } = this.credentials;
    const from = this.fleet.now();
    // With a time-out of its own only: who else waits for the login must not fail by the first one's.
    const answer = await this.requests.send(
      {
        method: 'POST',
        path: '/auth_extended',
        body: { username, password: password.reveal() },
        maxBytes: MAX_ANSWER_BYTES,
      },
      new AbortController().signal,
    );
    this.logins = [...this.logins, { from, to: this.fleet.now() }].slice(-LOGINS_KEPT);
    if (REFUSALS.includes(answer.status) && answer.content === 'json') throw this.refusedBy(answer.status);
    this.login = this.loginIn(bodyOf(answer));
    this.refused = null;
    return this.login;
  }

  private loginIn(body: unknown): Login {
    const { id, token } = recordIn(body);
    const text = textIn(token);
    if (text === null) throw new CmlError('unreadable', 'The answer to our login holds no token.');
    const { userId, renewAt } = claimsOf(text, this.machine.now());
    return { token: new Secret(text), renewAt, userId: textIn(id) ?? userId };
  }

  private refusedBy(status: number): CmlError {
    return status === 429
      ? this.pause('The server takes no more logins for now.', 'refused')
      : this.pause('The server refuses our user name or password.', 'credentials');
  }

  private pause(message: string, failure: 'credentials' | 'refused'): CmlError {
    const until = plus(this.machine.now(), PAUSE_AFTER_REFUSAL_MS);
    const error = new CmlError(failure, `${message} No login is tried before ${until.toISOString()}.`);
    this.login = null;
    this.refused = { error, until };
    return error;
  }
}
