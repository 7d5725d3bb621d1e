import { FILES_OWNER } from "../storage/owner.ts";

/** Where the files are in the container, and what clients mount. */
export const EXPORTED = "/files";
/** Stands for the address of the host in the network of the container, which only the container knows. */
export const GATEWAY = "@gateway@";
/** What the server writes of its clients, so that they have their locks back after it was restarted. */
export const RECOVERY = "/var/lib/nfs/ganesha";

/** What a configuration tells. */
export interface GaneshaModel {
  /** Port that it listens on in the container. */
  readonly port: number;
  /** Who a client takes it for, before and after a restart. */
  readonly name: string;
  /** Networks or addresses of those who may read and write, in ganesha's words. */
  readonly clients: readonly string[];
}

/**
 * Configuration of nfs-ganesha 6 (ganesha-core-config(8), ganesha-export-config(8), ganesha-vfs-config(8)): one folder, by
 * NFS 4 over TCP, for these clients and nobody else.
 *
 * Every client is the same user, whatever its uid: so the nodes of all hosts own all files, and nobody is root on them.
 * `only_one_user`: ganesha does not become the user of each request, and needs no right to. A lease is short and the grace
 * little longer, because an NFS 4.0 client keeps all others waiting for as long as that after a restart.
 * `Server_Owner` and `Server_Scope` would be the name of the container's host, and another container would be another
 * server, with none of the locks of the one before (RFC 8881, 2.10.4).
 */
export function ganeshaConf({ port, name, clients }: GaneshaModel): string {
  return `# Written by Slipway; every deploy writes it anew.
NFS_CORE_PARAM {
    Protocols = 4;
    NFS_Port = ${port};
    Enable_UDP = false;
    Enable_NLM = false;
    Enable_RQUOTA = false;
    allow_set_io_flusher_fail = true;
}

NFSv4 {
    Minor_Versions = 0, 1, 2;
    Grace_Period = 20;
    Lease_Lifetime = 15;
    Delegations = false;
    Only_Numeric_Owners = true;
    RecoveryBackend = fs;
    RecoveryRoot = ${RECOVERY};
    Server_Owner = ${name};
    Server_Scope = ${name};
}

NFS_KRB5 {
    Active_krb5 = false;
}

VFS {
    only_one_user = true;
}

EXPORT {
    Export_Id = 1;
    Path = ${EXPORTED};
    Pseudo = ${EXPORTED};
    Protocols = 4;
    Transports = TCP;
    SecType = sys;
    Squash = All_Squash;
    Anonymous_uid = ${FILES_OWNER};
    Anonymous_gid = ${FILES_OWNER};
    Access_Type = None;
    FSAL {
        Name = VFS;
    }
    CLIENT {
        Clients = ${clients.join(", ")};
        Protocols = 4;
        Access_Type = RW;
    }
    # The health check.
    CLIENT {
        Clients = 127.0.0.1;
        Protocols = 4;
        Access_Type = RO;
    }
}

LOG {
    Default_Log_Level = EVENT;
    COMPONENTS {
        # There is no message bus in a container.
        DBUS = FATAL;
    }
}
`;
}
