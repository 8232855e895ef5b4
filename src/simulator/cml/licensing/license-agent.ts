import { HOUR, plus, SECOND } from '../../../kernel/clocks';
import { type Errander } from '../../licensing/agenda';
import { type SeatName } from '../../licensing/license-features';
import { type LicenseAction } from '../../licensing/outage-plan';
import { CISCO_SERVER, type ProductInstance, type SmartLicensing } from '../../licensing/smart-licensing';
import { CmlProblem } from '../cml-problem';

import { featuresIn, freshLicense, mark, unregistered, useAsUsual } from './license-state';
import { firstRenewal, NEVER } from './license-times';

/** How long the agent takes; seconds of fleet time. */
export interface LicenseTimings {
  readonly registrationSeconds: number;
  readonly authorizationSeconds: number;
  readonly licenseRetrySeconds: number;
}

const DAY = 24 * HOUR;
const REGISTRATION_LIFE = 365 * DAY;
const REGISTRATION_RENEWED_AFTER = 180 * DAY;
const AUTHORIZATION_LIFE = 90 * DAY;
const AUTHORIZATION_RENEWED_AFTER = 30 * DAY;
const UNREACHED = 'Communication send error: the request timed out after 60003 milliseconds';
const UNKNOWN = 'The product instance is not known to Smart Licensing.';

/** The licensing agent of one CML server: accepts what it is asked, and does it later, by itself. */
export class LicenseAgent {
  readonly state = freshLicense();
  private requests = 0;

  /** @param self how Smart Licensing knows the server, but for where that is */
  constructor(
    private readonly smart: SmartLicensing,
    private readonly machine: Errander,
    private readonly self: () => Omit<ProductInstance, 'server'>,
    private readonly timings: LicenseTimings,
  ) {}

  /** @throws CmlProblem 400 where it is registered and is not to be anew, 409 while a registration is under way */
  register(token: string, reregister: boolean, now: Date): void {
    const { registration } = this.state;
    if (registration.status === 'IN_PROGRESS') throw busy();
    if (registration.status === 'RETRY_IN_PROGRESS' && !reregister) throw busy();
    if (registration.status === 'COMPLETED' && !reregister) {
      throw new CmlProblem(400, 'Licensing issue: The product instance is already registered.');
    }
    this.requests += 1;
    const requestId = `${this.self().productUuid}|${this.requests}`;
    registration.status = 'IN_PROGRESS';
    registration.registerTime = { ...NEVER, attempted: now };
    this.smart.agenda.cancel(this.machine);
    this.later(this.timings.registrationSeconds, now, (at) => this.tryToRegister(token, requestId, at));
  }

  /** @throws CmlProblem 400 where it is not registered, 409 while a registration is under way */
  renewRegistration(now: Date): void {
    this.mustBeRegistered();
    this.later(this.timings.registrationSeconds, now, (at) => this.tryToRenew(at, false));
  }

  /** @throws as `renewRegistration` */
  renewAuthorization(now: Date): void {
    this.mustBeRegistered();
    this.later(this.timings.authorizationSeconds, now, (at) => this.tryToAuthorize(at, false));
  }

  /**
   * Forgets the registration, whether or not Smart Licensing can be told.
   * @returns whether it was told @throws CmlProblem 400 where there is none, or nodes run; 409 while one is under way
   */
  deregister(runningNodes: number, now: Date): 'told' | 'left over' {
    const { status } = this.state.registration;
    const retrying = status === 'RETRY_IN_PROGRESS';
    if (status === 'IN_PROGRESS') throw busy();
    if (this.state.registeredAt === null && !retrying) {
      throw new CmlProblem(400, 'Licensing issue: The product instance is already de-registered.');
    }
    if (runningNodes > 0) {
      throw new CmlProblem(400, 'Licensing issue: Cannot de-register when nodes are running.');
    }
    const instance = this.instance();
    const lost = this.smart.lost('deregister', instance, now);
    if (lost !== 'request') this.smart.deregister(instance, now);
    this.smart.agenda.cancel(this.machine);
    Object.assign(this.state, unregistered());
    mark(this.state, 'INIT');
    return lost === null ? 'told' : 'left over';
  }

  /** The counts that go with it are the usual ones. */
  setProduct(product: typeof this.state.product, now: Date): void {
    if (this.state.product === product) {
      throw new CmlProblem(400, `Licensing issue: The product license ${product} is already active.`);
    }
    this.state.product = product;
    useAsUsual(this.state);
    this.askAnew(now);
  }

  setCounts(counts: ReadonlyMap<string, number>, now: Date): void {
    for (const [id, count] of counts) this.state.counts.set(id, count);
    this.askAnew(now);
  }

  private tryToRegister(token: string, requestId: string, at: Date): void {
    const { registration, authorization } = this.state;
    const instance = { ...this.self(), server: this.state.transport.ssms ?? CISCO_SERVER };
    const lost = this.smart.lost('register', instance, at);
    const answer = lost === 'request' ? null : this.smart.register(instance, { token, requestId, at });
    if (lost !== null || answer === null) {
      registration.status = 'RETRY_IN_PROGRESS';
      registration.registerTime = { ...NEVER, attempted: at, failure: UNREACHED, success: 'FAILED' };
      const retry = (again: Date) => this.tryToRegister(token, requestId, again);
      this.later(this.timings.licenseRetrySeconds, at, retry);
      return;
    }
    if ('refusal' in answer) {
      registration.status = 'FAILED';
      registration.registerTime = { ...NEVER, attempted: at, failure: answer.refusal, success: 'FAILED' };
      Object.assign(authorization, unregistered().authorization);
      return;
    }
    this.state.registeredAt = instance.server;
    this.state.evaluation = 'used';
    registration.status = 'COMPLETED';
    registration.smartAccount = answer.account.smartAccount;
    registration.virtualAccount = answer.account.virtualAccount;
    // The words of success stand where a failure would ([P] example).
    registration.registerTime = { ...NEVER, attempted: at, failure: 'OK', success: 'SUCCESS' };
    registration.renewTime = firstRenewal(plus(at, REGISTRATION_RENEWED_AFTER));
    registration.expires = plus(at, REGISTRATION_LIFE);
    Object.assign(authorization, { status: 'INIT', renewTime: NEVER, expires: null });
    mark(this.state, 'INIT');
    const half = this.timings.authorizationSeconds / 2;
    this.later(half, at, (asked) => {
      authorization.status = 'WAITING';
      mark(this.state, 'WAITING');
      this.later(half, asked, (answered) => this.tryToAuthorize(answered, true));
    });
    this.plan(plus(at, REGISTRATION_RENEWED_AFTER), (due) => this.tryToRenew(due, true));
  }

  private tryToRenew(at: Date, goesOn: boolean): void {
    const { registration } = this.state;
    const next = plus(at, goesOn ? DAY : REGISTRATION_RENEWED_AFTER);
    const problem = this.reach('renew', at) ?? (this.smart.knows(this.instance()) ? null : UNKNOWN);
    if (problem !== null) {
      const failed = { attempted: at, status: 'FAILED', failure: problem, success: 'FAILED' };
      registration.renewTime = { ...NEVER, ...failed, scheduled: next };
      if (goesOn) this.plan(next, (due) => this.tryToRenew(due, true));
      return;
    }
    const scheduled = plus(at, REGISTRATION_RENEWED_AFTER);
    registration.renewTime = { ...NEVER, attempted: at, scheduled, status: 'SUCCEEDED', success: 'SUCCESS' };
    registration.expires = plus(at, REGISTRATION_LIFE);
    if (goesOn) this.plan(scheduled, (due) => this.tryToRenew(due, true));
  }

  /** @param goesOn false: one that was asked for, beside those that the agent makes by itself */
  private tryToAuthorize(at: Date, goesOn: boolean): void {
    const { authorization } = this.state;
    const problem = this.reach('authorize', at);
    const granted = problem === null ? this.smart.authorize(this.instance(), this.uses()) : null;
    if (granted === null) {
      const failed = { attempted: at, status: 'FAILED', failure: problem ?? UNKNOWN, success: 'FAILED' };
      const first = authorization.expires === null;
      const scheduled = first ? plus(at, this.timings.licenseRetrySeconds * SECOND) : plus(at, DAY);
      authorization.renewTime = { ...NEVER, ...failed, scheduled };
      if (goesOn) this.plan(scheduled, (due) => this.tryToAuthorize(due, true));
      return;
    }
    for (const { id, seat } of featuresIn(this.state)) {
      const status = (granted.get(seat) ?? true) ? 'IN_COMPLIANCE' : 'OUT_OF_COMPLIANCE';
      this.state.featureStatus.set(id, status);
    }
    const covered = [...granted.values()].every(Boolean);
    const scheduled = plus(at, covered ? AUTHORIZATION_RENEWED_AFTER : DAY);
    authorization.status = covered ? 'IN_COMPLIANCE' : 'OUT_OF_COMPLIANCE';
    authorization.renewTime = { ...NEVER, attempted: at, scheduled, status: 'SUCCEEDED', success: 'SUCCESS' };
    authorization.expires = plus(at, AUTHORIZATION_LIFE);
    if (goesOn) this.plan(scheduled, (due) => this.tryToAuthorize(due, true));
  }

  private reach(action: LicenseAction, at: Date): string | null {
    return this.smart.lost(action, this.instance(), at) === null ? null : UNREACHED;
  }

  /** What is used has changed: a registered server tells Smart Licensing, and stays as it is until it knows. */
  private askAnew(now: Date): void {
    if (this.state.registration.status !== 'COMPLETED') return;
    this.later(this.timings.authorizationSeconds, now, (at) => this.tryToAuthorize(at, false));
  }

  private uses(): ReadonlyMap<SeatName, number> {
    const used = featuresIn(this.state).map(({ id, seat }): [SeatName, number] => [
      seat,
      this.state.counts.get(id) ?? 0,
    ]);
    return new Map(used.filter(([, count]) => count > 0));
  }

  private instance(): ProductInstance {
    const { registeredAt, transport } = this.state;
    return { ...this.self(), server: registeredAt ?? transport.ssms ?? CISCO_SERVER };
  }

  private mustBeRegistered(): void {
    const { status } = this.state.registration;
    if (status.endsWith('IN_PROGRESS')) throw busy();
    if (status !== 'COMPLETED') {
      throw new CmlProblem(400, 'Licensing issue: The product instance is not registered.');
    }
  }

  private later(seconds: number, now: Date, run: (at: Date) => void): void {
    this.plan(plus(now, seconds * SECOND), run);
  }

  private plan(at: Date, run: (at: Date) => void): void {
    this.smart.agenda.plan({ at, by: this.machine, run });
  }
}

function busy(): CmlProblem {
  return new CmlProblem(409, 'Licensing issue: A registration is in progress.');
}
