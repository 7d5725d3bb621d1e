/**
 * The settings of the engine of a host, dockerd(8).
 * @param swarm whether it is to be a node of a Swarm, which does not go with live-restore
 */
export function daemonJson(swarm: boolean): string {
  const settings = {
    // Of containers that are not ours; those of Slipway say it themselves.
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
    // The usual pools end at some thirty networks.
    "default-address-pools": [{ base: "172.16.0.0/12", size: 24 }],
    "no-new-privileges": true,
    // Containers go on while the engine is upgraded.
    "live-restore": !swarm,
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
