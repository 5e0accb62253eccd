import * as z from 'zod';
import { ServiceError } from '../service-error.ts';
import type { Form } from './form.ts';

export interface NotificationAttribute {
  readonly type: string;
  readonly value: string;
}

/** A message as it was published. */
export interface Notification {
  readonly messageId: string;
  readonly subject: string | null;
  readonly message: string;
  /** `json` when `message` holds one text per protocol. */
  readonly structure: string | null;
  readonly attributes: Readonly<Record<string, NotificationAttribute>>;
}

const perProtocol = z.record(z.string(), z.string());

/**
 * Reads a message from `Publish` (prefix '') or from one entry of `PublishBatch`.
 * @throws ServiceError InvalidParameter when it is empty or over 256 KB (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export function readNotification(form: Form, prefix: string, messageId: string): Notification {
  const message = form.text(`${prefix}Message`) ?? '';
  if (message === '') throw new ServiceError('InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(message) > 256 * 1024)
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Message too long');
  const attributes = Object.fromEntries(
    form.list(`${prefix}MessageAttributes.entry`).map((entry) => {
      const type = form.text(`${entry}.Value.DataType`) ?? '';
      const value = form.text(`${entry}.Value.StringValue`) ?? form.text(`${entry}.Value.BinaryValue`) ?? '';
      if (type === '' || value === '') {
        const name = form.text(`${entry}.Name`) ?? '';
        throw new ServiceError(
          'ParameterValueInvalid',
          `The message attribute '${name}' must contain a type and a non-empty value.`,
        );
      }
      return [form.text(`${entry}.Name`) ?? '', { type, value }];
    }),
  );
  const subject = form.text(`${prefix}Subject`);
  return { messageId, subject, message, structure: form.text(`${prefix}MessageStructure`), attributes };
}

/** The text for one protocol: the message itself, or its part in a `json` structure. */
export function textFor(notification: Notification, protocol: string): string {
  if (notification.structure !== 'json') return notification.message;
  const parts = perProtocol.safeParse(parseJson(notification.message));
  const text = parts.data?.[protocol] ?? parts.data?.['default'];
  if (text === undefined)
    throw new ServiceError(
      'InvalidParameter',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  return text;
}

/** Attributes of type String, by name. */
export function textAttributes(notification: Notification): Record<string, string> {
  const texts = Object.entries(notification.attributes).filter(
    ([, attribute]) => attribute.type.split('.')[0] === 'String',
  );
  return Object.fromEntries(texts.map(([name, attribute]) => [name, attribute.value]));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
