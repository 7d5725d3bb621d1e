/**
 * How often what takes endurance is repeated: in `npm test` often enough to see a mistake that happens now and then, in
 * `npm test -- --full` as often as the project promises.
 */
export const isFull = process.env.TEST_EXTENT === "full";

export const extent = (usual: number, full: number): number => (isFull ? full : usual);
