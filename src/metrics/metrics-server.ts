import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { type MetricsRegistry } from './metrics-registry';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: a free one */
  readonly port: number;
}

/** The metrics, and nothing else, on a port of their own to everybody who reaches it. */
export class MetricsServer {
  private readonly logger = new Logger('Metrics');
  private readonly server: Server;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly options: MetricsServerOptions,
  ) {
    this.server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
        (err: unknown) => {
          this.logger.error({ err }, 'the metrics could not be told');
          response.writeHead(500).end();
        },
      );
    });
  }

  /** @throws Error where the port is taken */
  async listen(): Promise<void> {
    const { host, port } = this.options;
    this.server.listen(port, host);
    await once(this.server, 'listening');
    this.logger.log({ host, port: this.port }, 'metrics are told without a key');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
