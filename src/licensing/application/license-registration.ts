import { type OperationRun } from '../../operations';
import { LicenseFailed } from '../domain/license-errors';
import { type LicenseStep, type OnceStep, POLL_MS } from '../domain/license-step';
import { registrationStep } from '../domain/registration-plan';
import { type LicenseSource, type WantedLicense } from '../domain/wanted-license';
import { beginTurn, type LicenseTurn, Overtaken, SENTENCES, sendOnce } from './license-turn';
import { contextOf, contextOfTry, type LicenseServices, pause } from './license-work';

/** By what the server is registered: the worker's own token, or that of its seat. */
interface Means {
  readonly tokenRef: string;
  readonly fingerprint: string;
  readonly productLicense: string | null;
  readonly features: WantedLicense['features'];
}

/** The last turn of a registration that came true. */
export interface Registered extends LicenseTurn {
  readonly means: Means;
  readonly message: string;
}

/** One run of the operation that registers a server: turn by turn, until it is as it is wanted, or cannot be. */
export class LicenseRegistration {
  private readonly did = new Set<OnceStep>();
  private accepted = false;
  private since: Date;
  private means: Means | null = null;

  constructor(
    private readonly services: LicenseServices,
    private readonly run: OperationRun,
    private readonly workerId: string,
  ) {
    this.since = services.clock.now();
  }

  /** @throws LicenseFailed, CmlError, what pools and stores throw */
  async toEnd(): Promise<Registered> {
    for (;;) {
      const turn = await beginTurn(this.services, this.run, this.workerId);
      const wanted = mustHave(turn.license.state.wanted);
      if (wanted.poolId === null) this.means ??= ownMeans(wanted);
      const step = this.stepOf(turn, wanted);
      await this.run.report({ progress: PROGRESS[step.do] ?? 0.1, message: SENTENCES[step.do] });
      if (step.do === 'done') return { ...turn, means: mustHave(this.means), message: step.message };
      await this.take(step, turn, wanted);
    }
  }

  private stepOf({ license, values, now }: LicenseTurn, wanted: WantedLicense): LicenseStep {
    const { did, accepted, since, means: seat } = this;
    const memory = license.state;
    const operationId = this.run.operation.id;
    return registrationStep({ wanted, seat, memory, operationId, did, accepted, since, server: values, now });
  }

  private async take(step: LicenseStep, turn: LicenseTurn, wanted: WantedLicense): Promise<void> {
    const { client, licenses, clock } = this.services;
    const { server } = turn;
    switch (step.do) {
      case 'take-seat':
        return this.takeSeat(wanted);
      case 'set-transport':
        await client.setTransport(server, step.smartServer);
        return this.didOnce(step.do);
      case 'set-product-license':
        await client.setProductLicense(server, step.productLicense);
        return this.didOnce(step.do);
      case 'set-features':
        await client.setFeatures(server, step.counts);
        return this.didOnce(step.do);
      case 'register':
        return this.register(turn, step.reregister, wanted);
      case 'note-registered':
        await licenses.update(this.workerId, contextOf(this.run, 'registered'), (license) =>
          license.registered(this.sourceOf(wanted), this.run.operation.id, clock.now()),
        );
        return;
      case 'poll':
        return pause(this.services, POLL_MS, this.run.signal);
      case 'fail':
        throw new LicenseFailed(step.code, step.message, step.unused);
      default:
        throw new Error(`a registration has no step ${step.do}`);
    }
  }

  private async takeSeat(wanted: WantedLicense): Promise<void> {
    const { pools, ids } = this.services;
    const seat = await pools.take(mustHave(wanted.poolId), this.workerId, contextOfTry(this.run, ids));
    this.means = meansOf(wanted, seat);
  }

  private async register(turn: LicenseTurn, reregister: boolean, wanted: WantedLicense): Promise<void> {
    const { vault, client, clock } = this.services;
    const token = await vault.reveal(mustHave(this.means).tokenRef);
    if (!token) {
      throw new LicenseFailed(
        'license-token-gone',
        'The token is not in the vault any more: PUT the licence again.',
      );
    }
    const call = { call: 'register', source: this.sourceOf(wanted) } as const;
    try {
      const send = () => client.register(turn.server, token, reregister).then(() => true);
      if (!(await sendOnce(this.services, this.run, turn, call, send))) return;
      this.accepted = true;
      this.since = clock.now();
    } catch (error) {
      if (error instanceof Overtaken) return;
      throw error;
    }
    // what it accepted does not show at once
    await pause(this.services, POLL_MS, this.run.signal);
  }

  private sourceOf({ poolId }: WantedLicense): LicenseSource {
    return { poolId, fingerprint: mustHave(this.means).fingerprint };
  }

  private didOnce(step: OnceStep): void {
    this.did.add(step);
    this.since = this.services.clock.now();
  }
}

const PROGRESS: Partial<Record<LicenseStep['do'], number>> = {
  register: 0.3,
  poll: 0.5,
  'note-registered': 0.8,
  'set-features': 0.9,
  done: 1,
};

function ownMeans({ tokenRef, fingerprint, productLicense, features }: WantedLicense): Means {
  return { tokenRef: mustHave(tokenRef), fingerprint: mustHave(fingerprint), productLicense, features };
}

/** What the wish does not say is as the pool has it. */
function meansOf(wanted: WantedLicense, seat: Means): Means {
  return {
    tokenRef: seat.tokenRef,
    fingerprint: seat.fingerprint,
    productLicense: wanted.productLicense ?? seat.productLicense,
    features: wanted.features.length > 0 ? wanted.features : seat.features,
  };
}

function mustHave<T>(value: T | null): T {
  if (value === null) throw new Error('the licence asks for a step that it cannot carry');
  return value;
}
