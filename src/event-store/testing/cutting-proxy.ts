import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Stands before a database server and can lose its answers, as a network does: the write is done, and the writer does
 * not know.
 */
export class CuttingProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.serve(client));
  private wanted: { command: string; collection: string; times: number } | null = null;

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** @param uri of the server; the first one where there are several */
  static async before(uri: string): Promise<CuttingProxy> {
    const [, host = '', port = '27017'] = /^mongodb:\/\/(?:[^@/]*@)?([^:,/?]+)(?::(\d+))?/.exec(uri) ?? [];
    const proxy = new CuttingProxy(host, Number(port));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** The same connection string, by way of the proxy. */
  through(uri: string): string {
    const { port } = this.server.address() as AddressInfo;
    return uri.replace(/(^mongodb:\/\/(?:[^@/]*@)?)[^/?]+/, `$1127.0.0.1:${port}`);
  }

  /** The next so many times that this command goes to this collection, the connection breaks before the answer. */
  loseAnswers(command: string, collection: string, times: number): void {
    this.wanted = { command, collection, times };
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private serve(client: Socket): void {
    const upstream = connect(this.port, this.host);
    let cut = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', (request) => {
      cut ||= this.matches(request);
      upstream.write(request);
    });
    upstream.on('data', (answer) => {
      if (cut) end();
      else client.write(answer);
    });
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
