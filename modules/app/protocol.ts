/**
 * How requests reach an application. `wsgi` means without a connection: the edge's own processes load the callable.
 */
export type Protocol = "uwsgi" | "fastcgi" | "http" | "wsgi";

/** What understands some protocols; whatever understands more of them will do as well. */
export type Speaks<P extends Protocol> = { readonly [protocol in P]: true };

/** What an edge and a node meet on. A Unix socket lies on a volume that both see, so both are on one host. */
export type SocketKind = "tcp" | "unix";
