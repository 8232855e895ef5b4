import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { type AnsweredRequest } from '../http';
import { SECOND } from '../kernel/clocks';
import { MetricsRegistry } from '../metrics';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Rate, errors and durations of requests, by route. Answers that stream are left out: they last as one likes. */
@Injectable()
export class RequestMetrics {
  private readonly durations: Histogram<'method' | 'route' | 'status'>;

  constructor(registry: MetricsRegistry) {
    this.durations = new Histogram({
      name: 'cml_fleet_http_request_duration_seconds',
      help: 'Requests that were answered, by pattern of their route and class of status; aborted: before the answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
  }

  count({ method, route, status, durationMs, isStream }: AnsweredRequest): void {
    if (isStream) return;
    const labels = {
      method: METHODS.includes(method) ? method : 'other',
      route: route ?? 'none',
      status: status === null ? 'aborted' : `${Math.floor(status / 100)}xx`,
    };
    this.durations.observe(labels, durationMs / SECOND);
  }
}
