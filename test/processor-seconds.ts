/** What this process has taken of a processor so far: a limit for it holds whatever else the machine does meanwhile. */
export const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
