import { CmlAdmin } from './cml-admin';
import { CmlBrowser } from './cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from './simulated-fleet';
import { type SmartLicensing } from '../licensing/smart-licensing';

export const TOKEN = 'NjMwZWQwZTgtMTc4';

interface Time {
  attempted: string | null;
  scheduled: string | null;
  status: string | null;
  failure: string | null;
  success: string | null;
}

/** What the specs look at of `GET /licensing`. */
export interface Licensing {
  registration: { status: string; register_time: Time; renew_time: Time; expires: string | null };
  authorization: { status: string; renew_time: Time; expires: string | null };
  features: { id: string; in_use: number; status: string; max: number }[];
  product_license: unknown;
  transport: unknown;
  udi: { product_uuid: string };
}

/** A world with one CML server that is ready, and an administrator of it. */
export class LicensingBench {
  private constructor(
    readonly fleet: SimulatedFleet,
    readonly browser: CmlBrowser,
    readonly id: string,
    public cml: CmlAdmin,
  ) {}

  static async start(): Promise<LicensingBench> {
    const fleet = await startFleet();
    const browser = new CmlBrowser(fleet);
    const id = await fleet.launch('lab-1');
    fleet.seconds(READY_AFTER_SECONDS);
    return new LicensingBench(fleet, browser, id, await CmlAdmin.logIn(browser, id, CML));
  }

  /** Another server that is ready. */
  async server(name: string): Promise<[id: string, cml: CmlAdmin]> {
    const id = await this.fleet.launch(name);
    this.fleet.seconds(READY_AFTER_SECONDS);
    return [id, await CmlAdmin.logIn(this.browser, id, CML)];
  }

  async logInAgain(): Promise<void> {
    this.cml = await CmlAdmin.logIn(this.browser, this.id, CML);
  }

  get smart(): SmartLicensing {
    return this.fleet.world.smartLicensing;
  }

  status(of = this.cml): Promise<Licensing> {
    return of.get<Licensing>('/licensing');
  }

  /** Status of the registration and of the authorization. */
  async words(of = this.cml): Promise<string> {
    const { registration, authorization } = await this.status(of);
    return `${registration.status} ${authorization.status}`;
  }

  async licensed(of = this.cml): Promise<boolean> {
    return (await of.get<{ is_licensed: boolean }>('/system_health')).is_licensed;
  }

  register(body: unknown = { token: TOKEN }, by = this.cml): Promise<string> {
    return by.outcome('POST', '/licensing/registration', body);
  }

  /** The same, and waits until it is authorized. */
  async registered(): Promise<void> {
    await this.register();
    this.fleet.seconds(15);
  }

  /** What Smart Licensing has seen, without times. */
  history(): string[][] {
    return this.smart
      .registrations()
      .map(({ token, name, refusal, givenBackBy }) => [name, token, refusal ?? givenBackBy ?? 'in use']);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.fleet.stop();
  }
}
