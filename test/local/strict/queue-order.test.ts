import { LocalQueues } from '../../../local/services/sqs/local-queues.ts';
import type { QueueModel } from '../../../local/model.ts';
import { openDeskFile } from '../../../local/state/desk-file.ts';
import type { Strict } from '../../../local/strict.ts';
import { ManualClock } from '../services/manual-clock.ts';

const hints: QueueModel = {
  id: 'App/Hints',
  name: 'hints',
  arn: 'arn:aws:sqs:eu-central-1:1:hints',
  url: 'http://queue/hints',
  delaySeconds: 0,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 1_209_600,
  redrive: null,
};
const sent = Array.from({ length: 60 }, (_unused, index) => `${index}`);

/** What comes out of a queue that everything was sent to, in batches of ten. */
const received = (strict: Strict | null): readonly string[] => {
  const file = openDeskFile(null);
  try {
    const queues = new LocalQueues(file, [hints], new ManualClock(), strict);
    for (const [index, body] of sent.entries())
      queues.put(hints.arn, { messageId: `message-${index}`, body, attributes: '{}', delaySeconds: 0 });
    return sent.flatMap(() => queues.receive(hints.arn, 10)).map(({ body }) => body);
  } finally {
    file.close();
  }
};

/** Who keeps what it heard last: right only where messages keep their order. */
const lastHeard = (bodies: readonly string[]): string | undefined => bodies.at(-1);

it('hurts who takes the last message for the newest, and loses none all the same', () => {
  expect(received(null)).toEqual(sent);
  const mixed = received({ seed: 3 });
  expect(mixed.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
  expect(mixed).not.toEqual(sent);
  const right = [1, 2, 3, 4].filter((seed) => lastHeard(received({ seed })) === lastHeard(sent));
  expect(right.length).toBeLessThan(4);
});

it('is the same for the same seed, and another for another', () => {
  expect(received({ seed: 3 })).toEqual(received({ seed: 3 }));
  expect(received({ seed: 4 })).not.toEqual(received({ seed: 3 }));
});
