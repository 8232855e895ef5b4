import { type FleetClock, SECOND } from '../../kernel/clocks';
import {
  type ActivityValues,
  CmlClient,
  CmlError,
  type CmlReading,
  type CmlServer,
  type LabsValues,
  type LicenseValues,
  type SystemValues,
} from '../../telemetry';
import { ActivityReading } from './activity-reading';
import { type CmlLink, type CmlLinks } from './cml-links';
import { bodyOf } from './cml-request';
import { allLabs } from './lab-list';
import { labsValues } from './labs-reading';
import { licenseValues } from './license-reading';
import { systemValues } from './system-reading';
import { recordIn } from './unknown-json';

/** A reading may take several requests; all together take this long at most. */
export const READING_TIMEOUT_MS = 30 * SECOND;

/** What is observed of CML servers, over their REST API v0 as of 2.9. */
export class CmlHttpClient extends CmlClient {
  /** @param fleet the newest time that an event may have */
  constructor(
    private readonly links: CmlLinks,
    private readonly fleet: FleetClock,
  ) {
    super();
  }

  readSystem(server: CmlServer): Promise<CmlReading<SystemValues>> {
    return this.read(server, async ({ requests, session }, signal) => {
      const open = { method: 'GET', path: '/system_information' } as const;
      const information = bodyOf(await requests.send(open, signal));
      try {
        const health = bodyOf(await session.get('/system_health', signal));
        const stats = bodyOf(await session.get('/system_stats', signal));
        return systemValues(information, health, stats);
      } catch (error) {
        if (!isBooting(information, error)) throw error;
        return systemValues(information, null, null);
      }
    });
  }

  readLabs(server: CmlServer): Promise<CmlReading<LabsValues>> {
    return this.read(server, async ({ session }, signal) => labsValues(await allLabs(session, signal)));
  }

  readActivity(server: CmlServer, before: ActivityValues | null): Promise<CmlReading<ActivityValues>> {
    return this.read(server, async ({ session }, signal) => {
      let reading: ActivityReading | null = null;
      // Begun with the first entry: only then is it known who we are.
      const begun = (): ActivityReading =>
        (reading ??= new ActivityReading(before, session.account, this.fleet.now()));
      const list = { what: 'its telemetry', take: (entry: unknown) => begun().add(entry) };
      const path = '/telemetry/events';
      bodyOf(await session.send({ method: 'GET', path, takes: 'longRead', list }, signal));
      return begun().values;
    });
  }

  readLicense(server: CmlServer): Promise<CmlReading<LicenseValues>> {
    return this.read(server, async ({ session }, signal) =>
      licenseValues(bodyOf(await session.get('/licensing', signal))),
    );
  }

  private read<V>(
    server: CmlServer,
    work: (link: CmlLink, signal: AbortSignal) => Promise<V>,
  ): Promise<CmlReading<V>> {
    return this.links.useFor(READING_TIMEOUT_MS, server, async (link, signal) => {
      const values = await work(link, signal);
      return { values, certificate: link.certificate };
    });
  }
}

/** A server that says it is not ready may fail everything else; that it is not ready is a reading all the same. */
function isBooting(information: unknown, error: unknown): boolean {
  const { ready } = recordIn(information);
  return ready === false && error instanceof CmlError && error.failure !== 'certificate';
}
