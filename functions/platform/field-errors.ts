import type * as z from 'zod';
import type { FieldError } from './errors.ts';

const messageOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  return issue.message.endsWith('received undefined') ? 'is required' : `must be of type ${issue.expected}`;
};

/** What a schema refused, field by field, in words for the caller; each unknown field is named by itself. */
export const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: path === '' ? key : `${path}.${key}`,
          message: 'is not a field of this request',
        }))
      : [{ path, message: messageOf(issue) }];
  });
