import {
  type ActivityValues,
  type LabsValues,
  type LicenseValues,
  type SystemValues,
  type ValuesOf,
} from '../domain/observation';
import { CmlClient, type CmlFailure, type CmlReading, type CmlServer } from '../domain/ports';
import { CmlError } from '../domain/telemetry-errors';

export const CERTIFICATE = 'AA:BB';

export function systemValues(given: Partial<SystemValues> = {}): SystemValues {
  return {
    version: '2.9.0',
    ready: true,
    healthy: true,
    licensed: true,
    cpuPercent: 3,
    memoryPercent: 20,
    diskPercent: 30,
    runningNodes: 0,
    ...given,
  };
}

export function labsValues(running: number): LabsValues {
  const labs = Array.from({ length: running }, (_, index) => ({
    id: `lab-${index}`,
    title: null,
    owner: null,
    state: 'STARTED',
    nodeCount: null,
  }));
  return { total: running, running, labs };
}

export function activityValues(newestActivityAt: Date | null, everSeen = true): ActivityValues {
  return { newestActivityAt, newestCategory: null, watermark: newestActivityAt, everSeen };
}

interface Answers {
  system: SystemValues | CmlError;
  labs: LabsValues | CmlError;
  activity: ActivityValues | CmlError;
  license: LicenseValues | CmlError;
}

export const UNLICENSED: LicenseValues = {
  registration: 'NOT_REGISTERED',
  authorization: 'EVAL',
  registrationExpires: null,
  authorizationExpires: null,
  failure: null,
  smartAccount: null,
  virtualAccount: null,
  productLicense: 'CML_Enterprise',
  smartServer: null,
  features: [],
};

export const failing = (failure: CmlFailure, presented: string | null = null) =>
  new CmlError(failure, `it is ${failure}`, presented);

/** CML servers that answer what the spec says, by host; the one of a host that nobody set up is idle and well. */
export class FakeCml extends CmlClient {
  /** in order: what was asked, of whom, and under which pin */
  readonly asked: { readonly what: string; readonly host: string; readonly pin: string | null }[] = [];
  readonly knownActivity: (ActivityValues | null)[] = [];
  certificate: string | null = CERTIFICATE;
  /** readings answer only when it does */
  held: Promise<void> = Promise.resolve();
  /** the same for single hosts */
  readonly heldOf = new Map<string, Promise<void>>();
  /** how many servers are being read at this moment, and at most were */
  atOnce = 0;
  mostAtOnce = 0;
  private readonly answers = new Map<string, Answers>();

  set(host: string, given: Partial<Answers>): void {
    const idle = {
      system: systemValues(),
      labs: labsValues(0),
      activity: activityValues(null),
      license: UNLICENSED,
    };
    this.answers.set(host, { ...idle, ...this.answers.get(host), ...given });
  }

  async readSystem(server: CmlServer): Promise<CmlReading<SystemValues>> {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      return await this.answer(server, 'system');
    } finally {
      this.atOnce -= 1;
    }
  }

  readLabs(server: CmlServer): Promise<CmlReading<LabsValues>> {
    return this.answer(server, 'labs');
  }

  readActivity(server: CmlServer, before: ActivityValues | null): Promise<CmlReading<ActivityValues>> {
    this.knownActivity.push(before);
    return this.answer(server, 'activity');
  }

  readLicense(server: CmlServer): Promise<CmlReading<LicenseValues>> {
    return this.answer(server, 'license');
  }

  private async answer<K extends keyof Answers>(
    { host, pinnedCertificate }: CmlServer,
    what: K,
  ): Promise<CmlReading<ValuesOf[`cml-${K}`]>> {
    this.asked.push({ what, host, pin: pinnedCertificate });
    await (this.heldOf.get(host) ?? this.held);
    if (!this.answers.has(host)) this.set(host, {});
    const answer = this.answers.get(host)?.[what];
    if (!answer || answer instanceof CmlError) throw answer ?? failing('unreachable');
    const trusted = pinnedCertificate === null || pinnedCertificate === this.certificate;
    if (!trusted) throw failing('certificate', this.certificate);
    return { values: answer as ValuesOf[`cml-${K}`], certificate: this.certificate };
  }
}
