/** User and group, by number, that the nodes of all applications run as, and that their files belong to on any storage. */
export const FILES_OWNER = 8000;
