import { type FleetClock, type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { CmlError } from '../../telemetry';
import { type OwnAccount, type Span } from './activity-reading';
import { type CmlAccount } from './cml-accounts';
import { bodyOf, type CmlAnswer, type CmlRequest, type CmlRequests } from './cml-request';
import { claimsOf } from './cml-token';
import { recordIn, textIn } from './unknown-json';

/** CML counts failed logins and locks out who tries too often. */
const PAUSE_AFTER_REFUSAL_MS = 5 * MINUTE;
const WRONG_PASSWORD = 403;
const TOO_MANY_LOGINS = 429;
const BUILT_IN_ADMIN = 'admin';
const SPANS_KEPT = 50;

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
  private logins: readonly Span[] = [];
  private changes: readonly Span[] = [];

  constructor(
    private readonly requests: CmlRequests,
    private readonly own: CmlAccount,
    private readonly machine: MachineClock,
    private readonly fleet: FleetClock,
  ) {}

  /** Whose traces are ours; complete after the first answer. */
  get account(): OwnAccount {
    const builtInAdmin = this.own.username === BUILT_IN_ADMIN;
    const { logins, changes } = this;
    return { userId: this.login?.userId ?? null, builtInAdmin, logins, changes };
  }

  /** GET with our token, as `send`. */
  get(path: string, signal?: AbortSignal): Promise<CmlAnswer> {
    return this.send({ method: 'GET', path }, signal);
  }

  /**
   * A request with our token. A token that the server does not take (any more) is replaced once, and the request sent
   * again, whatever it is: it was refused before it did anything.
   * @throws CmlError; `credentials` without asking the server while it refused them minutes ago
   */
  async send(request: CmlRequest, signal?: AbortSignal): Promise<CmlAnswer> {
    const first = await this.current();
    const answer = await this.sendAs(first, request, signal);
    if (answer.status !== 401) return answer;
    if (this.login === first) this.login = null;
    const repeated = await this.sendAs(await this.current(), request, signal);
    if (repeated.status === 401) {
      throw this.pause('The server takes no token that it gave us itself.', 'credentials', 401);
    }
    return repeated;
  }

  private async sendAs({ token }: Login, request: CmlRequest, signal?: AbortSignal): Promise<CmlAnswer> {
    if (request.method === 'GET') return this.requests.send({ ...request, token }, signal);
    const from = this.fleet.now();
    try {
      return await this.requests.send({ ...request, token }, signal);
    } finally {
      // Also without an answer: it may have been done.
      this.changes = [...this.changes, { from, to: this.fleet.now() }].slice(-SPANS_KEPT);
    }
  }

  private async current(): Promise<Login> {
    const { login } = this;
    if (login && (login.renewAt === null || this.machine.now() < login.renewAt)) return login;
    this.loggingIn ??= this.logIn().finally(() => (this.loggingIn = null));
    return this.loggingIn;
  }

  private async logIn(): Promise<Login> {
    if (this.refused && this.machine.now() < this.refused.until) throw this.refused.error;
    const password = await this.own.password();
    const from = this.fleet.now();
    // With a time-out of its own only: who else waits for the login must not fail by the first one's.
    const answer = await this.requests.send({
      method: 'POST',
      path: '/auth_extended',
      takes: 'read',
      body: { username: this.own.username, password: password.reveal() },
      secrets: [password],
    });
    this.logins = [...this.logins, { from, to: this.fleet.now() }].slice(-SPANS_KEPT);
    if (answer.content === 'json') this.throwIfRefused(answer.status);
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

  private throwIfRefused(status: number): void {
    const { username, remedy } = this.own;
    if (status === TOO_MANY_LOGINS)
      throw this.pause('The server takes no more logins for now.', 'busy', status);
    if (status !== WRONG_PASSWORD) return;
    throw this.pause(
      `The server refuses the user name "${username}" or its password. ${remedy}`,
      'credentials',
      status,
    );
  }

  private pause(message: string, failure: 'credentials' | 'busy', httpStatus: number): CmlError {
    const until = plus(this.machine.now(), PAUSE_AFTER_REFUSAL_MS);
    const text = `${message} No login is tried before ${until.toISOString()}.`;
    const error = new CmlError(failure, text, null, { httpStatus });
    this.login = null;
    this.refused = { error, until };
    return error;
  }
}
