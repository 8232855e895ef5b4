import pLimit from 'p-limit';
import { type FleetClock, type MachineClock } from '../../kernel/clocks';
import {
  type ActivityValues,
  CmlClient,
  CmlError,
  type CmlReading,
  type CmlServer,
  type LabsValues,
  type LicenseValues,
  type LabSummary,
  type SystemValues,
} from '../../telemetry';
import { activityValues } from './activity-reading';
import { cmlErrorOf } from './cml-errors';
import { type CmlLink, CmlLinks, type LinkOptions } from './cml-links';
import { bodyOf, MAX_ANSWER_BYTES, MAX_TELEMETRY_BYTES } from './cml-request';
import { licenseValues } from './license-reading';
import { labIds, labsValues, labSummary } from './labs-reading';
import { systemValues } from './system-reading';
import { recordIn } from './unknown-json';

/** `timeoutMs` is for one request (10 s is fit for CML); a reading of several may take three times as long. */
export type CmlClientOptions = LinkOptions;

const TIMEOUTS_OF_A_READING = 3;
/** CML has no call for all labs at once; more at a time would only load the server. */
const LABS_AT_ONCE = 5;

/** CML's REST API v0 as of 2.9, read only. */
export class CmlHttpClient extends CmlClient {
  private readonly links: CmlLinks;

  /**
   * @param machine measures tokens and pauses
   * @param fleet tells our own logins from a person's, in the times that servers write
   */
  constructor(
    private readonly options: CmlClientOptions,
    machine: MachineClock,
    private readonly fleet: FleetClock,
  ) {
    super();
    this.links = new CmlLinks(options, machine, fleet);
  }

  readSystem(server: CmlServer): Promise<CmlReading<SystemValues>> {
    return this.read(server, async (link, signal) => {
      const open = { method: 'GET', path: '/system_information', maxBytes: MAX_ANSWER_BYTES } as const;
      const information = bodyOf(await link.requests.send(open, signal));
      try {
        const health = bodyOf(await link.session.get('/system_health', signal));
        const stats = bodyOf(await link.session.get('/system_stats', signal));
        return systemValues(information, health, stats);
      } catch (error) {
        if (!isBooting(information, error)) throw error;
        return systemValues(information, null, null);
      }
    });
  }

  readLabs(server: CmlServer): Promise<CmlReading<LabsValues>> {
    return this.read(server, async ({ session }, signal) => {
      const ids = labIds(bodyOf(await session.get('/labs?show_all=true', signal)));
      const limit = pLimit(LABS_AT_ONCE);
      const labs = await Promise.all(ids.map((id) => limit(() => readLab(session, id, signal))));
      return labsValues(labs.filter((lab) => lab !== null));
    });
  }

  readActivity(server: CmlServer, before: ActivityValues | null): Promise<CmlReading<ActivityValues>> {
    return this.read(server, async ({ session }, signal) => {
      const events = bodyOf(await session.get('/telemetry/events', signal, MAX_TELEMETRY_BYTES));
      return activityValues(events, before, session.account, this.fleet.now());
    });
  }

  readLicense(server: CmlServer): Promise<CmlReading<LicenseValues>> {
    return this.read(server, async ({ session }, signal) =>
      licenseValues(bodyOf(await session.get('/licensing', signal))),
    );
  }

  /** Cuts all connections; for shutdown. */
  close(): Promise<void> {
    return this.links.close();
  }

  private async read<V>(
    server: CmlServer,
    work: (link: CmlLink, signal: AbortSignal) => Promise<V>,
  ): Promise<CmlReading<V>> {
    const over = new AbortController();
    const deadline = AbortSignal.timeout(this.options.timeoutMs * TIMEOUTS_OF_A_READING);
    try {
      const link = this.links.to(server);
      const values = await work(link, AbortSignal.any([over.signal, deadline]));
      return { values, certificate: link.certificate };
    } catch (error) {
      throw cmlErrorOf(error, server.host);
    } finally {
      // When one lab fails, the rest need not be asked any more.
      over.abort();
    }
  }
}

/** Null where the lab was deleted since it was listed. */
async function readLab(
  session: CmlLink['session'],
  id: string,
  signal: AbortSignal,
): Promise<LabSummary | null> {
  const answer = await session.get(`/labs/${encodeURIComponent(id)}`, signal);
  // Only CML's own 404 means that: nginx has one of its own, in HTML, while services start.
  if (answer.status === 404 && answer.content === 'json') return null;
  return labSummary(id, bodyOf(answer));
}

/** A server that says it is not ready may fail everything else; that it is not ready is a reading all the same. */
function isBooting(information: unknown, error: unknown): boolean {
  const { ready } = recordIn(information);
  return ready === false && error instanceof CmlError && error.failure !== 'certificate';
}
