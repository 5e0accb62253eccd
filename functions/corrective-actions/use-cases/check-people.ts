import { ValidationFailed } from '../../platform/errors.ts';
import type { ActionPorts } from './ports.ts';

/** An action belongs to somebody who is there. What is undefined stays as it is. @throws ValidationFailed */
export const checkPeople = async (
  { people }: ActionPorts,
  { ownerId, teamId }: { readonly ownerId?: string | undefined; readonly teamId?: string | null | undefined },
): Promise<void> => {
  if (ownerId !== undefined && !(await people.agentExists(ownerId)))
    throw new ValidationFailed([{ path: 'ownerId', message: 'is not an agent here' }]);
  if (teamId != null && !(await people.teamExists(teamId)))
    throw new ValidationFailed([{ path: 'teamId', message: 'is not a team here' }]);
};
