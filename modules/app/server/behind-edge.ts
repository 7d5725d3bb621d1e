/** The application as a server that speaks HTTP loads it: image/slipway_node/behind_edge.py. */
export const BEHIND_EDGE = {
  folder: "/opt/slipway/slipway_node",
  file: "behind_edge.py",
  module: "slipway_node.behind_edge",
} as const;
