import { Inject, Injectable } from '@nestjs/common';
import { type WorkerRecord } from '../../workers';
import { isRefused } from '../domain/cml-versions';
import { type CmlServer } from '../domain/ports';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** Where a worker's CML server is reached, and how it is trusted. */
@Injectable()
export class CmlServers {
  constructor(@Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions) {}

  /** Where something is done on it: null as for reading, and where its version of CML is not supported. */
  of(worker: WorkerRecord): CmlServer | null {
    return isRefused(worker.cmlVersion) ? null : this.toRead(worker);
  }

  /** Null for a worker that does not run, has no address (yet), or which there is no account for. */
  toRead(worker: WorkerRecord): CmlServer | null {
    const { id, status, publicIp, privateIp, certificate, cmlCredentials } = worker;
    const host = this.options.address === 'public' ? publicIp : privateIp;
    if (status !== 'RUNNING' || host === null) return null;
    if (!cmlCredentials && !this.options.fleetAccount) return null;
    const credentials = cmlCredentials && {
      username: cmlCredentials.username,
      passwordRef: cmlCredentials.passwordRef,
    };
    return { workerId: id, host, pinnedCertificate: certificate.pinned, credentials };
  }
}
