import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** `requests` go to the server, `answers` come from it. */
export type Direction = 'requests' | 'answers';

type State = 'passing' | 'hanging' | 'resetting';

const BOTH: readonly Direction[] = ['requests', 'answers'];

/**
 * The network before a database server, which can do what networks do: deliver late or not at all, break connections,
 * and lose an answer of which the write is done.
 */
export class FaultyNetwork {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.serve(client));
  private readonly state: Record<Direction, State> = { requests: 'passing', answers: 'passing' };
  private delayMs = 0;
  private waiting: (() => void)[] = [];
  private wanted: { command: string; collection: string; times: number; held: boolean } | null = null;

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** @param uri of the server; the first one where there are several */
  static async before(uri: string): Promise<FaultyNetwork> {
    const [, host = '', port = '27017'] = /^mongodb:\/\/(?:[^@/]*@)?([^:,/?]+)(?::(\d+))?/.exec(uri) ?? [];
    const network = new FaultyNetwork(host, Number(port));
    network.server.listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    return network;
  }

  /** The same connection string, by way of this network. */
  through(uri: string): string {
    const { port } = this.server.address() as AddressInfo;
    return uri.replace(/(^mongodb:\/\/(?:[^@/]*@)?)[^/?]+/, `$1127.0.0.1:${port}`);
  }

  /** The next so many times that this command goes to this collection, the connection breaks before the answer. */
  loseAnswers(command: string, collection: string, times: number): void {
    this.wanted = { command, collection, times, held: false };
  }

  /** The next so many times that this command goes to this collection, its connection stays, and brings nothing more. */
  holdAnswers(command: string, collection: string, times: number): void {
    this.wanted = { command, collection, times, held: true };
  }

  /** Connections come about, but nothing arrives until `heal`; then all that was sent does, even if its sender left. */
  hang(...directions: readonly Direction[]): void {
    for (const direction of directions.length > 0 ? directions : BOTH) this.state[direction] = 'hanging';
  }

  /** Every connection is reset, and every new one at once. */
  reset(): void {
    for (const direction of BOTH) this.state[direction] = 'resetting';
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.release();
  }

  /** From now on everything arrives so many milliseconds later, in each direction. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  heal(): void {
    for (const direction of BOTH) this.state[direction] = 'passing';
    this.delayMs = 0;
    this.wanted = null;
    this.release();
  }

  async close(): Promise<void> {
    this.heal();
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private serve(client: Socket): void {
    if (this.state.requests === 'resetting') {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const upstream = connect(this.port, this.host);
    let cut = false;
    this.carry(client, upstream, 'requests', (request) => {
      cut ||= this.matches(request);
      return true;
    });
    this.carry(upstream, client, 'answers', () => {
      if (cut && !this.wanted?.held) client.destroy();
      return !cut;
    });
  }

  /** Takes what comes from one socket to the other, in order; the end and the loss of the connection as well. */
  private carry(from: Socket, to: Socket, direction: Direction, passes: (chunk: Buffer) => boolean): void {
    this.sockets.add(from);
    let last = Promise.resolve();
    const afterwards = (act: () => void) => {
      const due = Date.now() + this.delayMs;
      last = last.then(async () => {
        const early = due - Date.now();
        if (early > 0) await pause(early);
        await this.passable(direction);
        act();
      });
    };
    from.on('data', (chunk) => {
      if (passes(chunk)) afterwards(() => to.destroyed || to.write(chunk));
    });
    // 'close' follows
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      afterwards(() => to.destroy());
    });
  }

  private async passable(direction: Direction): Promise<void> {
    while (this.state[direction] === 'hanging') await new Promise<void>((go) => this.waiting.push(go));
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  private matches(request: Buffer): boolean {
    if (!this.wanted || this.wanted.times === 0) return false;
    // the first member of a command's BSON document: its name, and the collection as a string
    const found =
      request.includes(`\x02${this.wanted.command}\0`) && request.includes(`${this.wanted.collection}\0`);
    if (found) this.wanted.times -= 1;
    return found;
  }
}
