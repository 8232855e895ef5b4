import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { CmlError } from '../../telemetry';
import { type WorkerRecord } from '../../workers';
import { type KeptTopology, TOPOLOGY_LIMIT_BYTES, topologyId } from '../domain/kept-topology';
import { TopologyStore } from '../domain/ports';
import { type Lab, LabClient } from './lab-client';
import { LabServers } from './lab-servers';
import { type KeepOrder, type KeptTopologies, TopologyKeeper } from './topology-keeper';

/** Reads topologies one by one over CML's API. */
@Injectable()
export class CmlTopologyKeeper extends TopologyKeeper {
  constructor(
    private readonly servers: LabServers,
    private readonly client: LabClient,
    private readonly store: TopologyStore,
    private readonly clock: FleetClock,
  ) {
    super();
  }

  async keepAll(
    worker: WorkerRecord,
    signal: AbortSignal,
    order: KeepOrder = worker.desired,
  ): Promise<KeptTopologies> {
    const server = this.servers.serverOf(worker);
    const labs = meant(await this.client.list(server), order.only ?? null);
    const [failed, later]: [Unkept[], Unkept[]] = [[], []];
    let kept = 0;
    for (const [index, lab] of labs.entries()) {
      signal.throwIfAborted();
      if (order.until && this.clock.now() >= order.until) {
        later.push(...notAskedFor(labs.slice(index), 'there was no time left for it'));
        break;
      }
      await order.onProgress?.(index, labs.length);
      try {
        const text = await this.client.topology(server, lab.id);
        // null: somebody deleted it since the list was read
        if (text === null) continue;
        await this.keep(worker, lab, text, order);
        kept += 1;
      } catch (error) {
        if (!(error instanceof CmlError)) throw error;
        const unkept = { labId: lab.id, message: error.message };
        if (error.kind === 'refused') failed.push(unkept);
        else if (error.failure !== 'timeout') later.push(unkept);
        else {
          // each of the others would take as long where the server hangs
          later.push(...notAskedFor(labs.slice(index + 1), error.message), unkept);
          break;
        }
      }
    }
    return { kept, failed, later };
  }

  private async keep(worker: WorkerRecord, lab: Lab, text: string, { by, reason }: KeepOrder): Promise<void> {
    const sizeBytes = Buffer.byteLength(text);
    if (sizeBytes > TOPOLOGY_LIMIT_BYTES) throw tooLarge(lab, sizeBytes);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const now = this.clock.now();
    const topology: KeptTopology = {
      ...{ id: topologyId(worker.id, lab.id, sha256), workerId: worker.id, workerName: worker.name },
      ...{ labId: lab.id, title: lab.title, owner: lab.owner, labModifiedAt: lab.modifiedAt },
      ...{ sha256, sizeBytes, keptAt: now, confirmedAt: now, by, reason },
    };
    await this.store.keep(topology, new Secret(text));
  }
}

type Unkept = KeptTopologies['failed'][number];

function meant(labs: readonly Lab[], only: readonly string[] | null): readonly Lab[] {
  return only?.flatMap((id) => labs.find((lab) => lab.id === id) ?? []) ?? labs;
}

function notAskedFor(labs: readonly Lab[], why: string): Unkept[] {
  return labs.map(({ id }) => ({ labId: id, message: `It was not asked for: ${why}` }));
}

function tooLarge({ id, title }: Lab, sizeBytes: number): CmlError {
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  const limit = mib(TOPOLOGY_LIMIT_BYTES);
  return new CmlError(
    'unreadable',
    `The topology of ${title ?? id} has ${mib(sizeBytes)}, and is not kept: the limit is ${limit}. Download it from the CML server.`,
  );
}
