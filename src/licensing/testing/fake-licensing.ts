import { HOUR, type ManualClock, plus, SECOND } from '../../kernel/clocks';
import { type Secret } from '../../kernel/secret';
import { CmlError, type CmlServer, type LicenseFeature, type LicenseValues } from '../../telemetry';
import { UNLICENSED } from '../../telemetry/testing/fake-cml';
import { type Deregistration, type FeatureCount, LicensingClient } from '../application/licensing-client';
import { type FakeCisco } from './fake-cisco';

const DAY = 24 * HOUR;
/** What was accepted is not shown at once. */
const BEGINS_IN_MS = 4 * SECOND;
const REGISTERS_IN_MS = 12 * SECOND;
const AUTHORIZES_IN_MS = 8 * SECOND;
/** An agent that could not reach Smart Licensing tries again. */
const RETRIES_IN_MS = 20 * SECOND;
const RETRIES = 3;

interface Work {
  readonly at: Date;
  readonly done: () => void;
}

/** The licensing agent of one simulated CML server: each change is accepted at once, and done later. */
export class FakeAgent {
  values: LicenseValues = UNLICENSED;
  nodesRun = false;
  isUp = true;
  beginsInMs = BEGINS_IN_MS;
  /** the account has enough for what runs */
  isCovered = true;
  /** by which the next changes are refused, in order */
  readonly troubles: CmlError[] = [];
  /** what is under way does not go on */
  isStuck = false;
  /** calls that changed something, in order: `register`, `set-features [{…}]` */
  readonly calls: string[] = [];
  private work: Work | null = null;

  constructor(
    private readonly workerId: string,
    private readonly cisco: FakeCisco,
    private readonly clock: ManualClock,
  ) {}

  /** Does what is due by now. @throws CmlError where the server is down */
  awake(): void {
    if (!this.isUp) throw new CmlError('unreachable', 'connection refused');
    for (let { work } = this; !this.isStuck && work && work.at <= this.clock.now(); work = this.work) {
      this.work = null;
      work.done();
    }
  }

  /** @throws CmlError `busy` while something is under way */
  begin(call: string): void {
    this.awake();
    if (this.work) throw new CmlError('busy', 'another licensing operation is under way');
    const trouble = this.troubles.shift();
    if (trouble) throw trouble;
    this.calls.push(call);
  }

  register(token: string, reregister: boolean): void {
    this.begin(reregister ? 'reregister' : 'register');
    if (this.values.registration === 'COMPLETED' && !reregister) {
      throw new CmlError('refused', 'The agent is already registered');
    }
    this.later(this.beginsInMs, () => {
      this.set({ registration: 'IN_PROGRESS', authorization: 'EVAL', failure: null });
      this.later(REGISTERS_IN_MS, () => this.reach(token, RETRIES));
    });
  }

  private reach(token: string, retries: number): void {
    const why = this.cisco.register(this.workerId, token);
    if (why === null) {
      const registrationExpires = plus(this.clock.now(), 365 * DAY);
      this.set({ registration: 'COMPLETED', authorization: 'INIT', registrationExpires, failure: null });
      this.set({ smartAccount: 'Campus', virtualAccount: 'Networking' });
      this.later(AUTHORIZES_IN_MS, () => this.authorize());
    } else if (!this.cisco.isReachable && retries > 0) {
      this.set({ registration: 'RETRY_IN_PROGRESS', failure: why });
      this.later(RETRIES_IN_MS, () => this.reach(token, retries - 1));
    } else {
      this.set({ registration: 'FAILED', authorization: 'EVAL', registrationExpires: null, failure: why });
    }
  }

  private authorize(): void {
    this.set({
      authorization: this.isCovered ? 'IN_COMPLIANCE' : 'OUT_OF_COMPLIANCE',
      authorizationExpires: plus(this.clock.now(), 90 * DAY),
    });
  }

  renew(what: 'registration' | 'authorization'): void {
    this.begin(`renew-${what}`);
    if (this.values.registration !== 'COMPLETED')
      throw new CmlError('refused', 'The agent is not registered');
    const later = () => {
      if (what === 'authorization') this.authorize();
      else this.set({ registrationExpires: plus(this.clock.now(), 365 * DAY) });
    };
    this.later(AUTHORIZES_IN_MS, later);
  }

  deregister(): Deregistration {
    this.begin('deregister');
    if (this.nodesRun) throw new CmlError('nodes-running', 'Cannot de-register when nodes are running.');
    if (this.values.registration === 'NOT_REGISTERED') return 'not-registered';
    const heard = this.cisco.deregister(this.workerId);
    const none = { registrationExpires: null, authorizationExpires: null, smartAccount: null };
    this.set({ registration: 'NOT_REGISTERED', authorization: 'EVAL', virtualAccount: null, ...none });
    return heard ? 'released' : 'left-over';
  }

  setProduct(productLicense: string): void {
    this.begin(`product ${productLicense}`);
    if (this.values.productLicense === productLicense) throw new CmlError('refused', 'It is active already');
    this.set({ productLicense });
  }

  setTransport(smartServer: string | null): void {
    this.begin(`transport ${smartServer ?? 'Cisco'}`);
    this.set({ smartServer });
  }

  setFeatures(counts: readonly FeatureCount[]): void {
    this.begin(`features ${JSON.stringify(counts)}`);
    const unsaid = { name: null, status: 'IN_COMPLIANCE', min: 0, max: 300 };
    const set = counts.map(({ id, count }): LicenseFeature => ({ id, inUse: count, ...unsaid }));
    const others = this.values.features.filter(({ id }) => !counts.some((it) => it.id === id));
    this.set({ features: [...others, ...set] });
  }

  set(values: Partial<LicenseValues>): void {
    this.values = { ...this.values, ...values };
  }

  private later(ms: number, done: () => void): void {
    this.work = { at: plus(this.clock.now(), ms), done };
  }
}

/** CML servers with their licensing agents, and one Smart Licensing that all of them talk to. */
export class FakeLicensing extends LicensingClient {
  private readonly agents = new Map<string, FakeAgent>();

  constructor(
    readonly cisco: FakeCisco,
    private readonly clock: ManualClock,
  ) {
    super();
  }

  agent(workerId: string): FakeAgent {
    const agent = this.agents.get(workerId) ?? new FakeAgent(workerId, this.cisco, this.clock);
    this.agents.set(workerId, agent);
    return agent;
  }

  read({ workerId }: CmlServer): Promise<{ license: LicenseValues; licensed: boolean | null }> {
    return this.ask(workerId, (agent) => {
      agent.awake();
      return { license: agent.values, licensed: agent.values.authorization === 'IN_COMPLIANCE' };
    });
  }

  setTransport({ workerId }: CmlServer, smartServer: string | null): Promise<void> {
    return this.ask(workerId, (agent) => agent.setTransport(smartServer));
  }

  setProductLicense({ workerId }: CmlServer, productLicense: string): Promise<void> {
    return this.ask(workerId, (agent) => agent.setProduct(productLicense));
  }

  register({ workerId }: CmlServer, token: Secret, reregister: boolean): Promise<void> {
    return this.ask(workerId, (agent) => agent.register(token.reveal(), reregister));
  }

  renewRegistration({ workerId }: CmlServer): Promise<void> {
    return this.ask(workerId, (agent) => agent.renew('registration'));
  }

  renewAuthorization({ workerId }: CmlServer): Promise<void> {
    return this.ask(workerId, (agent) => agent.renew('authorization'));
  }

  deregister({ workerId }: CmlServer): Promise<Deregistration> {
    return this.ask(workerId, (agent) => agent.deregister());
  }

  setFeatures({ workerId }: CmlServer, counts: readonly FeatureCount[]): Promise<void> {
    return this.ask(workerId, (agent) => agent.setFeatures(counts));
  }

  private ask<T>(workerId: string, what: (agent: FakeAgent) => T): Promise<T> {
    return new Promise((resolve) => resolve(what(this.agent(workerId))));
  }
}
