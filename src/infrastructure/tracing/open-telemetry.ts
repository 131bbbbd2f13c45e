import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What was not told by then is lost: a collector that is gone does not hold up the end. */
const FAREWELL_MS = 1_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Spans for requests and for their statements, told by OTLP over HTTP to where the standard variables say. Of a request they
 * hold method, route, status and id, of a statement its name: no owner, no path, no text.
 */
export class OpenTelemetry {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  /** The request that the running code belongs to. */
  readonly #request = new AsyncLocalStorage<Context>();

  /** @param warn told when spans could not be told */
  constructor(warn: (message: string) => void) {
    setGlobalErrorHandler((error) => warn(`Traces could not be told: ${wordsOf(error)}`));
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'task-service' }).merge(
        detectResources({ detectors: [envDetector] }),
      ),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    });
    this.#tracer = this.#provider.getTracer('task-service');
  }

  async close(): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, FAREWELL_MS);
    });
    await Promise.race([this.#provider.shutdown().catch(() => {}), late]);
    clearTimeout(patience);
  }

  begin(method: string, requestId: string, { traceparent }: Headers): RequestTrace {
    // What else a client says of its trace is text of its own.
    const caller = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
    const parent = caller === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true });
    const span = this.#tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'task_service.request_id': requestId } },
      parent,
    );
    return new RequestTrace(span, method, (work) => this.#request.run(trace.setSpan(parent, span), work));
  }

  /** The request of the running code, for `executed`. */
  request(): unknown {
    return this.#request.getStore();
  }

  /** A statement of one request is a span of its trace. One that several share has a trace of its own, with links to theirs. */
  executed(
    requests: readonly unknown[],
    { statement, sentAt, endedAt }: { readonly statement: string; readonly sentAt: number; readonly endedAt: number },
    fault: string | undefined,
  ): void {
    const askers = requests.filter((request) => request !== undefined) as Context[];
    const links = askers.map((asker): Link => ({ context: trace.getSpanContext(asker) as SpanContext }));
    if (links.length > 0 && !links.some(({ context }) => (context.traceFlags & TraceFlags.SAMPLED) !== 0)) return;
    const [only, second] = askers;
    const isShared = second !== undefined;
    const span = this.#tracer.startSpan(
      statement,
      {
        kind: SpanKind.CLIENT,
        startTime: performance.timeOrigin + sentAt,
        attributes: { 'db.system.name': 'postgresql', 'db.query.summary': statement },
        ...(isShared && { links }),
      },
      isShared ? ROOT_CONTEXT : (only ?? ROOT_CONTEXT),
    );
    if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', fault);
    span.end(performance.timeOrigin + endedAt);
  }
}

export class RequestTrace {
  readonly id: string;
  readonly lead: (work: () => void) => void;
  readonly #span: Span;
  readonly #method: string;

  constructor(span: Span, method: string, lead: (work: () => void) => void) {
    this.id = span.spanContext().traceId;
    this.lead = lead;
    this.#span = span;
    this.#method = method;
  }

  /** @param route as it was registered, `undefined` where there is none */
  end(route: string | undefined, status: number): void {
    this.#span.setAttribute('http.response.status_code', status);
    if (route !== undefined) this.#span.setAttribute('http.route', route).updateName(`${this.#method} ${route}`);
    if (status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
