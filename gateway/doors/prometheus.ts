import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditRow } from '../audit/audit-row.ts';

/** Seconds; models answer in anything from milliseconds to minutes. */
const LATENCY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** What Prometheus may scrape. Labels are ids of the owner's own things, never of callers. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#register(
    new Counter({
      name: 'ntl_requests_total',
      help: 'Inference requests by endpoint, model, status and code.',
      labelNames: ['endpoint', 'model', 'status', 'code'],
      registers: [],
    }),
  );
  readonly #tokens = this.#register(
    new Counter({
      name: 'ntl_tokens_total',
      help: 'Tokens by model and direction.',
      labelNames: ['model', 'direction'],
      registers: [],
    }),
  );
  readonly #cost = this.#register(
    new Counter({
      name: 'ntl_cost_micros_total',
      help: 'Cost in micros of a US dollar.',
      labelNames: ['model'],
      registers: [],
    }),
  );
  readonly #latency = this.#register(
    new Histogram({
      name: 'ntl_request_duration_seconds',
      help: 'Time from request to the last byte.',
      labelNames: ['endpoint'],
      buckets: LATENCY_BUCKETS,
      registers: [],
    }),
  );

  constructor(running: () => number) {
    this.#register(
      new Gauge({
        name: 'ntl_requests_running',
        help: 'Inference requests under way.',
        registers: [],
        collect() {
          this.set(running());
        },
      }),
    );
    collectDefaultMetrics({ register: this.registry });
  }

  /** Refused requests may name any model: those are counted without it. */
  count(row: AuditRow): void {
    const model = row.attempts > 0 ? (row.model ?? '') : '';
    this.#requests.inc({ endpoint: row.endpoint, model, status: String(row.status), code: row.code ?? '' });
    this.#latency.observe({ endpoint: row.endpoint }, (row.latencyMs ?? 0) / 1000);
    this.#tokens.inc({ model, direction: 'input' }, row.inputTokens);
    this.#tokens.inc({ model, direction: 'output' }, row.outputTokens);
    this.#cost.inc({ model }, row.costMicros);
  }

  #register<M extends Counter | Gauge | Histogram>(metric: M): M {
    this.registry.registerMetric(metric);
    return metric;
  }
}
