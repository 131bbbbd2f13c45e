import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { Job, Measured } from './job.ts';
import { Latencies } from './latencies.ts';
import { processorSeconds } from './process-usage.ts';
import type { HttpResponse } from './response.ts';

const MAX_PROBLEMS = 5;
/** Time limit for requests in flight at the end. */
const LAST_ANSWERS_MS = 5_000;

interface Marks {
  readonly at: number;
  readonly generator: number;
  readonly program: number | undefined;
  readonly postgres: number | undefined;
}

/** Common part of both loops: send, check, count and stop. */
export abstract class Run {
  protected readonly job: Job;
  protected readonly connections: Connection[] = [];
  readonly #next: () => Exchange;
  readonly #latencies = new Latencies();
  readonly #problems: string[] = [];
  #errors = 0;
  #responses = 0;
  #inFlight = 0;
  #isMeasuring = false;
  protected isOver = false;

  constructor(job: Job, next: () => Exchange) {
    this.job = job;
    this.#next = next;
  }

  async measure(): Promise<Measured> {
    const { port, connections, warmUpSeconds, seconds } = this.job;
    for (let at = 0; at < connections; at++) this.connections.push(await Connection.open(port));
    try {
      this.begin();
      await sleep(warmUpSeconds * 1_000);
      const begin = this.#mark();
      this.#isMeasuring = true;
      await sleep(seconds * 1_000);
      this.#isMeasuring = false;
      const end = this.#mark();
      await this.#stop();
      return this.#result(begin, end);
    } finally {
      this.isOver = true;
      for (const connection of this.connections) connection.close();
    }
  }

  protected abstract begin(): void;

  /** Called when a connection is free again. */
  protected abstract free(connection: Connection): void;

  protected lateP99(): number | undefined {
    return undefined;
  }

  /** @param since time from which the latency counts, in ms. By default now */
  protected send(connection: Connection, since?: number): void {
    const { request, check } = this.#next();
    this.#inFlight++;
    const sentAt = since ?? performance.now();
    connection.send(request, (outcome) => {
      this.#inFlight--;
      if (this.#isMeasuring) this.#latencies.record((performance.now() - sentAt) * 1_000);
      const isSample = this.#responses++ % this.job.sampleEvery === 0;
      const problem = outcome instanceof Error ? outcome.message : checked(check, outcome, isSample);
      if (problem !== undefined) this.#note(problem);
      if (connection.isOpen) this.free(connection);
    });
  }

  protected get isMeasuring(): boolean {
    return this.#isMeasuring;
  }

  /** Errors during warm-up count as well. */
  #note(problem: string): void {
    this.#errors++;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
  }

  #mark(): Marks {
    const { program, postmaster } = this.job.processes;
    const { user, system } = process.cpuUsage();
    const generator = (user + system) / 1e6;
    return {
      at: performance.now(),
      generator,
      program: processorSeconds(program),
      postgres: processorSeconds(postmaster),
    };
  }

  async #stop(): Promise<void> {
    this.isOver = true;
    const deadline = performance.now() + LAST_ANSWERS_MS;
    while (this.#inFlight > 0 && performance.now() < deadline) await sleep(5);
    if (this.#inFlight > 0) this.#note(`${this.#inFlight} requests got no response in time`);
  }

  #result(begin: Marks, end: Marks): Measured {
    const seconds = (end.at - begin.at) / 1_000;
    const requests = this.#latencies.count;
    const perRequest = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined || requests === 0
        ? undefined
        : Math.round(((to - from) * 1e7) / requests) / 10;
    const lateP99 = this.lateP99();
    return {
      requests,
      perSecond: Math.round((requests / seconds) * 10) / 10,
      errors: this.#errors,
      problems: this.#problems,
      latency: this.#latencies.summary(),
      cpu: {
        program: perRequest(begin.program, end.program),
        postgres: perRequest(begin.postgres, end.postgres),
        generator: perRequest(begin.generator, end.generator),
      },
      generator: {
        busy: Math.round(((end.generator - begin.generator) / seconds) * 100) / 100,
        ...(lateP99 !== undefined && { lateP99 }),
      },
    };
  }
}

function checked(check: Exchange['check'], response: HttpResponse, isSample: boolean): string | undefined {
  try {
    return check(response, isSample);
  } catch (error) {
    return (error as Error).message;
  }
}
