import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** What a conditional write answers, or null when its condition did not hold. */
export const unlessRefused = async <Answer>(write: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
};
