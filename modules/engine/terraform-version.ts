/** The oldest Terraform that works: the first that can forget a resource without destroying it (removed blocks). */
export const OLDEST_TERRAFORM = [1, 7] as const;
