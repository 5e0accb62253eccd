import type { Replacement } from './bundle.ts';

/** Mistakes that the product could have. Each must be noticed by the histories, or these would prove nothing. */
export const plantedFaults: Readonly<Record<string, readonly Replacement[]>> = {
  'a ticket is claimed whatever was read': [
    {
      file: 'functions/platform/store/commit.ts',
      from: "ConditionExpression: '#version = :read',",
      to: "ConditionExpression: '#version <> :read OR #version = :read',",
    },
    {
      file: 'functions/platform/store/commit.ts',
      from: "Put: { TableName: this.#table, Item: event, ConditionExpression: 'attribute_not_exists(PK)' },",
      to: 'Put: { TableName: this.#table, Item: event },',
    },
    {
      file: 'functions/alerts/use-cases/raise-alert.ts',
      from: "        ConditionExpression: 'attribute_not_exists(PK)',\n",
      to: '',
    },
  ],
  'a delivery is claimed whatever was read': [
    {
      file: 'functions/alerts/store.ts',
      from: "ConditionExpression: '#state = :readState AND attempts = :readAttempts AND attribute_not_exists(parcel)',",
      to: "ConditionExpression: 'attribute_exists(PK)',",
    },
  ],
  'a delivery is marked before it is published': [
    {
      file: 'functions/alerts/use-cases/deliver-alert.ts',
      from: "    await ports.publisher.publish(claimed, { kind: 'alert', alert });",
      to: "    await ports.alerts.published(alert.id, claimed);\n    await ports.publisher.publish(claimed, { kind: 'alert', alert });",
    },
  ],
  'an alert is not due': [
    {
      file: 'functions/alerts/use-cases/raise-alert.ts',
      from: 'isoInstant(milliseconds(claimedAt) + streamHeadStartMs),',
      to: 'null,',
    },
  ],
  'a ticket is due no more after its first breach': [
    {
      file: 'functions/desk/store.ts',
      from: 'attentionAt(state), lane)',
      to: "state.timeline.some(({ kind }) => kind === 'breach') ? null : attentionAt(state), lane)",
    },
  ],
  'a repetition has another alert id': [
    {
      file: 'functions/alerts/use-cases/deliver-alert.ts',
      from: "await ports.publisher.publish(claimed, { kind: 'alert', alert });",
      to: "await ports.publisher.publish(claimed, { kind: 'alert', alert: claimed.attempts === 1 ? alert : { ...alert, id: `${alert.id}-${claimed.attempts}` } });",
    },
  ],
  'a repeated summary has another id': [
    {
      file: 'functions/alerts/use-cases/attend-parcel.ts',
      from: "derivedId('pcl', partition, String(parcel.portion));",
      to: "derivedId('pcl', partition, String(parcel.portion), String(parcel.attempts));",
    },
  ],
  'an entry of a parcel is lost': [
    {
      file: 'functions/alerts/parcel-filler.ts',
      from: 'const items = [this.#deliveryWrite(alert.id, delivery, read), entry];',
      to: 'const items = [this.#deliveryWrite(alert.id, delivery, read), ...(alert.level > 0 ? [] : [entry])];',
    },
  ],
  'a portion takes what an earlier one had': [
    {
      file: 'functions/alerts/use-cases/attend-parcel.ts',
      from: '.filter(({ alertId }) => !earlier.has(alertId))',
      to: '.filter(({ alertId }) => !earlier.has(alertId) || alertId.endsWith("7"))',
    },
  ],
  'marking goes on behind what is not marked yet': [
    {
      file: 'functions/alerts/use-cases/attend-parcel.ts',
      from: 'ports.clock.now(), start);',
      to: 'ports.clock.now(), start + 1);',
    },
  ],
  'a parcel closes alerts of which a delivery was not written yet': [
    {
      file: 'functions/alerts/use-cases/deliver-alert.ts',
      from: 'if (found?.alert.planned === true) await',
      to: 'if (found !== null) await',
    },
  ],
  'the sweep leaves out a shard': [
    { file: 'functions/platform/due/sweep.ts', from: '{ length: dueShards }', to: '{ length: dueShards - 1 }' },
  ],
  'an item that failed is pushed out of the index': [
    {
      file: 'functions/platform/due/push-back.ts',
      from: "UpdateExpression: 'SET #dueAt = :later, #dueAttempts = :attempts',",
      to: "UpdateExpression: 'SET #dueAttempts = :attempts REMOVE #dueAt, dueShard',",
    },
  ],
};
