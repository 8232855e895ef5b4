import { type Lab, LabClient } from '../../labs';
import { type CmlServer } from '../../telemetry';
import { unreadable } from './cml-errors';
import { READING_TIMEOUT_MS } from './cml-http-client';
import { type CmlLinks } from './cml-links';
import { accepted, bodyOf, type CmlAnswer } from './cml-request';
import { allLabs, isMissing, labOf, labPath } from './lab-list';
import { systemValues } from './system-reading';

/** Labs over CML's REST API v0 as of 2.9. */
export class CmlLabClient extends LabClient {
  constructor(private readonly links: CmlLinks) {
    super();
  }

  list(server: CmlServer): Promise<readonly Lab[]> {
    return this.links.useFor(READING_TIMEOUT_MS, server, ({ session }, signal) => allLabs(session, signal));
  }

  get(server: CmlServer, labId: string): Promise<Lab | null> {
    return this.links.use(server, ({ session }) => labOf(session, labId));
  }

  start(server: CmlServer, labId: string): Promise<boolean> {
    return this.switch(server, labId, '/start');
  }

  stop(server: CmlServer, labId: string): Promise<boolean> {
    return this.switch(server, labId, '/stop');
  }

  topology(server: CmlServer, labId: string): Promise<string | null> {
    return this.links.use(server, async ({ session }) => {
      const path = labPath(labId, '/download');
      const answer = await session.send({ method: 'GET', path, takes: 'longRead' });
      return isMissing(answer) ? null : yamlIn(answer);
    });
  }

  runningNodes(server: CmlServer): Promise<number | null> {
    return this.links.use(server, async ({ session }) => {
      const stats = bodyOf(await session.get('/system_stats'));
      return systemValues(null, null, stats).runningNodes;
    });
  }

  private switch(server: CmlServer, labId: string, to: '/start' | '/stop'): Promise<boolean> {
    return this.links.use(server, async ({ session }) => {
      const answer = await session.send({ method: 'PUT', path: labPath(labId, to) });
      if (isMissing(answer)) return false;
      accepted(answer);
      return true;
    });
  }
}

/** The contract says a JSON string, clients take the answer for YAML as it is: both are understood. */
function yamlIn(answer: CmlAnswer): string {
  const yaml = answer.content === 'json' ? bodyOf(answer) : accepted(answer).text;
  if (typeof yaml !== 'string' || yaml.trim() === '') throw unreadable('the topology is no text');
  return yaml;
}
