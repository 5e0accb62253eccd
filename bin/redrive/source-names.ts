/** `stream-kpis` for `cloud-service-desk-prod-stream-kpis`. */
export const shortName = (stage: string, functionName: string): string =>
  functionName.replace(`cloud-service-desk-${stage}-`, '');
