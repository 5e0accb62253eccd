import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Trace } from './trace.ts';

/** Loaded only by sampled invocations, see tracing.ts. */

/** HTTPS requests are those of the AWS clients, which are shown as such. */
const tracer = new Tracer({ serviceName: 'cloud-service-desk', captureHTTPsRequests: false });

type Segment = NonNullable<ReturnType<typeof tracer.getSegment>>;
type Subsegment = ReturnType<Segment['addNewSubsegment']>;

const throttles = /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded/;

/**
 * A part of a trace is sent when it is closed, and only if everything in it is closed already: so it closes with the last of
 * its calls, which may outlive it when one of several at once has failed.
 * Only the class of an error becomes part of a trace: messages may quote what a caller wrote.
 */
class SegmentTrace implements Trace {
  readonly #segment: Subsegment;
  readonly #closed: () => void;
  #open = 0;
  #ended = false;

  constructor(segment: Subsegment, closed: () => void = () => undefined) {
    this.#segment = segment;
    this.#closed = closed;
  }

  part(): Trace {
    return new SegmentTrace(this.#begin('### part'), () => this.#finish());
  }

  /** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-aws */
  async call<Result>(
    { service, operation }: { readonly service: string; readonly operation: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const call = this.#begin(service);
    call.addAttribute('namespace', 'aws');
    call.addAttribute('aws', { operation });
    try {
      return await work();
    } catch (error) {
      const name = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
      call.addAnnotation('error', name);
      if (throttles.test(name)) call.addThrottleFlag();
      else call.addErrorFlag();
      throw error;
    } finally {
      call.close();
      this.#finish();
    }
  }

  end(annotations: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(annotations)) this.#segment.addAnnotation(key, value);
    if (annotations['outcome'] === 'failed') this.#segment.addFaultFlag();
    this.#ended = true;
    this.#closeWhenDone();
  }

  #begin(name: string): Subsegment {
    this.#open += 1;
    return this.#segment.addNewSubsegment(name);
  }

  #finish(): void {
    this.#open -= 1;
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (!this.#ended || this.#open > 0) return;
    this.#segment.close();
    this.#closed();
  }
}

/** The trace of the invocation that is going on. Null outside of Lambda. */
export const open = (functionName: string): Trace | null => {
  if (!tracer.isTracingEnabled()) return null;
  const segment = tracer.getSegment();
  if (segment === undefined) return null;
  const own = segment.addNewSubsegment(`## ${functionName}`);
  own.addAnnotation('function', functionName);
  return new SegmentTrace(own);
};
