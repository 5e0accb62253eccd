import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Trace } from './trace.ts';

/** Loaded only by sampled invocations, see tracing.ts. */

/** HTTPS requests are those of the AWS clients, which are shown as such. */
const tracer = new Tracer({ serviceName: 'cloud-service-desk', captureHTTPsRequests: false });

type Segment = NonNullable<ReturnType<typeof tracer.getSegment>>;
type Subsegment = ReturnType<Segment['addNewSubsegment']>;

const throttles = /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded/;

/** Only the class of an error becomes part of a trace: messages may quote what a caller wrote. */
class SegmentTrace implements Trace {
  readonly #segment: Subsegment;

  constructor(segment: Subsegment) {
    this.#segment = segment;
  }

  part(correlationId: string): Trace {
    const part = this.#segment.addNewSubsegment('### part');
    part.addAnnotation('correlationId', correlationId);
    return new SegmentTrace(part);
  }

  /** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-aws */
  async call<Result>(
    { service, operation }: { readonly service: string; readonly operation: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const call = this.#segment.addNewSubsegment(service);
    call.addAttribute('namespace', 'aws');
    call.addAttribute('aws', { operation });
    try {
      return await work();
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      call.addAnnotation('error', name);
      if (throttles.test(name)) call.addThrottleFlag();
      else call.addErrorFlag();
      throw error;
    } finally {
      call.close();
    }
  }

  end(annotations: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(annotations)) this.#segment.addAnnotation(key, value);
    if (annotations['outcome'] === 'failed') this.#segment.addFaultFlag();
    this.#segment.close();
  }
}

/** The trace of the invocation that is going on. Null outside of Lambda. */
export const open = (functionName: string): Trace | null => {
  if (!tracer.isTracingEnabled()) return null;
  const segment = tracer.getSegment();
  return segment === undefined ? null : new SegmentTrace(segment.addNewSubsegment(`## ${functionName}`));
};
