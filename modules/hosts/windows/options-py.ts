/** What `options.py` says: the fields of the recipe, with the stack's values. */
export interface ServerOptions {
  readonly ip: string;
  readonly port: number;
  readonly numthreads: number;
  readonly serverName: string;
  /** Where web2py.py is. */
  readonly folder: string;
}

/**
 * The text of `options.py` for `web2py.py -L` (recipe 6). web2py never runs this file: it takes each line that begins with
 * the name of an option, and its value has to be a literal (gluon/console.py, load_config), so `socket.gethostname()` and
 * `os.getcwd()` of the recipe are written out. Empty values are passed over, and what the command line says
 * is forgotten unless it has `--add_options`.
 */
export function optionsPy({ ip, port, numthreads, serverName, folder }: ServerOptions): string {
  const text = (value: string) => JSON.stringify(value);
  return `# Written by Slipway: options of web2py's own server, for web2py.py -L.

no_gui = True
no_banner = True

# On the loopback address: web2py believes what X-Forwarded-For says, so a proxy that sets it has to be before it.
ip = ${text(ip)}
port = ${port}
# Empty: the command line has it, and leads to a file that says there is no administration here.
password = ""
# In the one folder of the installation that the service may write such files to.
pid_filename = "logs/httpserver.pid"
log_filename = "logs/httpserver.log"
# The proxy has them.
ssl_certificate = ""
ssl_private_key = ""
server_key = ""
server_cert = ""
# The older name, and the ones that web2py reads today.
numthreads = ${numthreads}
min_threads = ${numthreads}
max_threads = ${numthreads}
server_name = ${text(serverName)}
request_queue_size = 128
timeout = 10
socket_timeout = 5
# Known to the recipe; web2py takes these two from the command line alone.
shutdown_timeout = 5
folder = ${text(folder)}
`;
}
