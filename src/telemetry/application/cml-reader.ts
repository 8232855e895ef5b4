import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { failed, type Observation, type Observations, observed, type ValuesOf } from '../domain/observation';
import { CmlClient, type CmlFailure, type CmlReading, type CmlServer } from '../domain/ports';
import { CmlError } from '../domain/telemetry-errors';

type CmlSource = 'cml-system' | 'cml-labs' | 'cml-activity';

/** Failures of one resource that say nothing about the others; after any other nothing else would answer either. */
const OF_ONE_RESOURCE: readonly CmlFailure[] = ['refused', 'unreadable'];

export interface CmlReadings {
  readonly system: Observation<'cml-system'>;
  /** all three sources, the system included */
  readonly readings: readonly Observation[];
  /** the first failure, where there was one */
  readonly error: CmlError | null;
  /** fingerprint of the certificate that the server showed; null where it is not looked at */
  readonly certificate: string | null;
}

interface Attempt<S extends CmlSource> {
  readonly observation: Observation<S>;
  readonly error: CmlError | null;
  readonly certificate: string | null;
}

/** Reads the three sources of one CML server; each has its own time and its own error. */
@Injectable()
export class CmlReader {
  constructor(
    private readonly client: CmlClient,
    private readonly clock: FleetClock,
  ) {}

  async read(server: CmlServer, before: Observations): Promise<CmlReadings> {
    const system = await this.attempt(server, 'cml-system', before['cml-system'], () =>
      this.client.readSystem(server),
    );
    const others = await this.readOthers(server, before, system);
    const attempts = [system, ...others];
    return {
      system: system.observation,
      readings: attempts.map(({ observation }) => observation),
      error: attempts.find(({ error }) => error)?.error ?? null,
      certificate: system.certificate ?? others.find(({ certificate }) => certificate)?.certificate ?? null,
    };
  }

  private readOthers(
    server: CmlServer,
    before: Observations,
    { error, certificate }: Attempt<'cml-system'>,
  ): Promise<[Attempt<'cml-labs'>, Attempt<'cml-activity'>]> {
    // what the first reading was answered under is trusted for the next ones, though it is not pinned yet
    const pinned = { ...server, pinnedCertificate: server.pinnedCertificate ?? certificate };
    const unless = <V>(read: () => Promise<V>) =>
      error && !OF_ONE_RESOURCE.includes(error.failure) ? () => Promise.reject(error) : read;
    const activity = before['cml-activity'];
    return Promise.all([
      this.attempt(
        pinned,
        'cml-labs',
        before['cml-labs'],
        unless(() => this.client.readLabs(pinned)),
      ),
      this.attempt(
        pinned,
        'cml-activity',
        activity,
        unless(() => this.client.readActivity(pinned, activity?.values ?? null)),
      ),
    ]);
  }

  private async attempt<S extends CmlSource>(
    { workerId }: CmlServer,
    source: S,
    before: Observation<S> | undefined,
    read: () => Promise<CmlReading<ValuesOf[S]>>,
  ): Promise<Attempt<S>> {
    const begunAt = this.clock.now();
    try {
      const { values, certificate } = await read();
      const observation = observed(before, workerId, source, values, begunAt);
      return { observation, error: null, certificate };
    } catch (error) {
      if (!(error instanceof CmlError)) throw error;
      const lastError = { code: error.failure, message: error.message, at: begunAt };
      const observation = failed(before, workerId, source, lastError);
      return { observation, error, certificate: error.presentedCertificate };
    }
  }
}
