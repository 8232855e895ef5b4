import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { type CmlSource, isOfServer } from '../domain/cml-source';
import { withFoundAt } from '../domain/newer-activity';
import {
  type ActivityValues,
  failed,
  type Observation,
  type Observations,
  observed,
  type ValuesOf,
} from '../domain/observation';
import { CmlClient, type CmlReading, type CmlServer } from '../domain/ports';
import { CmlError } from '../domain/telemetry-errors';

/** Which sources of a server are to be read. */
export interface WantedSources {
  readonly sources: readonly CmlSource[];
  /** read, too, where the server turns out to be usable again: what it did not answer meanwhile is not waited for */
  readonly whenBack?: readonly CmlSource[];
}

export interface CmlReadings {
  /** null where it was not to be read */
  readonly system: Observation<'cml-system'> | null;
  /** of each source that was read, the system included */
  readonly readings: readonly Observation<CmlSource>[];
  /** the first failure among the sources that were asked for; null where there was none */
  readonly error: CmlError | null;
  /** fingerprint of the certificate that the server showed; null where it is not looked at */
  readonly certificate: string | null;
}

interface Attempt<S extends CmlSource = CmlSource> {
  readonly observation: Observation<S>;
  readonly error: CmlError | null;
  readonly certificate: string | null;
}

/** Reads sources of one CML server; each has its own time and its own error. */
@Injectable()
export class CmlReader {
  constructor(
    private readonly client: CmlClient,
    private readonly clock: FleetClock,
  ) {}

  /** The system first: where it finds that the server does not answer, nothing else is asked. */
  async read(server: CmlServer, wanted: WantedSources, before: Observations): Promise<CmlReadings> {
    const { sources, whenBack = [] } = wanted;
    const known = before['cml-system'];
    const system = sources.includes('cml-system')
      ? await this.attempt(server, 'cml-system', known, () => this.client.readSystem(server))
      : null;
    const all =
      system && isBack(known, system.observation) ? [...new Set([...sources, ...whenBack])] : sources;
    const rest = all.filter((source) => source !== 'cml-system');
    const others = await Promise.all(rest.map((source) => this.readOther(server, source, before, system)));
    const attempts: Attempt[] = system ? [system, ...others] : others;
    const asked = attempts.filter(({ observation }) => sources.includes(observation.source));
    return {
      system: system?.observation ?? null,
      readings: attempts.map(({ observation }) => observation),
      error: asked.find(({ error }) => error)?.error ?? null,
      certificate: attempts.find(({ certificate }) => certificate)?.certificate ?? null,
    };
  }

  private readOther(
    server: CmlServer,
    source: CmlSource,
    before: Observations,
    system: Attempt | null,
  ): Promise<Attempt> {
    // what the system was answered under is trusted for the others, though it is not pinned yet
    const pinnedCertificate = server.pinnedCertificate ?? system?.certificate ?? null;
    const error = system?.error;
    const dead = error && isOfServer(error.failure) ? error : null;
    return this.attempt({ ...server, pinnedCertificate }, source, before[source], (pinned) =>
      dead ? Promise.reject(dead) : this.ask(pinned, source, before),
    );
  }

  private ask(
    server: CmlServer,
    source: CmlSource,
    before: Observations,
  ): Promise<CmlReading<ValuesOf[CmlSource]>> {
    switch (source) {
      case 'cml-system':
        return this.client.readSystem(server);
      case 'cml-labs':
        return this.client.readLabs(server);
      case 'cml-activity':
        return this.readActivity(server, before['cml-activity']?.values ?? null);
      case 'cml-license':
        return this.client.readLicense(server);
    }
  }

  private async readActivity(
    server: CmlServer,
    before: ActivityValues | null,
  ): Promise<CmlReading<ActivityValues>> {
    const begunAt = this.clock.now();
    const { values, certificate } = await this.client.readActivity(server, before);
    return { values: withFoundAt(before, values, begunAt), certificate };
  }

  private async attempt<S extends CmlSource>(
    server: CmlServer,
    source: S,
    before: Observation<S> | undefined,
    read: (server: CmlServer) => Promise<CmlReading<ValuesOf[S]>>,
  ): Promise<Attempt<S>> {
    const { workerId } = server;
    const begunAt = this.clock.now();
    try {
      const { values, certificate } = await read(server);
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

/** It answers and is ready, which it was not at the reading before. */
function isBack(before: Observation<'cml-system'> | undefined, after: Observation<'cml-system'>): boolean {
  const wasUp = before?.lastError === null && before.values?.ready === true;
  return after.lastError === null && after.values?.ready === true && !wasUp;
}
