/**
 * All that the file server asks of the kernel: what was seen of it, its entrypoint and its health check (`strace -f` of
 * nfs-ganesha 6.5 on Debian 13, over a start, reads, writes, locks and a stop), and the near relatives that another client,
 * C library or processor makes of the same. It is little more than half as long as the list of the engine, and has one call that the list of
 * Docker 20.10 lacks, without which a file server has no way to name a file: `name_to_handle_at`. Moby's list of today has it.
 */
export const SYSTEM_CALLS: readonly string[] = [
  // Files by a handle, which is what an NFS client knows of them: open_by_handle_at(2).
  ...["name_to_handle_at", "open_by_handle_at"],
  // Files by a descriptor or by a name.
  ...["access", "chdir", "chmod", "chown", "close", "close_range", "copy_file_range", "creat", "dup", "dup2"],
  ...["dup3", "faccessat", "faccessat2", "fadvise64", "fallocate", "fchdir", "fchmod", "fchmodat"],
  ...["fchmodat2", "fchown", "fchownat", "fcntl", "fdatasync", "flock", "fstat", "fstatfs", "fsync"],
  ...["ftruncate", "getcwd", "getdents", "getdents64", "ioctl", "lchown", "link", "linkat", "lseek", "lstat"],
  ...["mkdir", "mkdirat", "mknod", "mknodat", "newfstatat", "open", "openat", "openat2", "pipe", "pipe2"],
  ...["pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink"],
  ...["readlinkat", "readv", "rename", "renameat", "renameat2", "rmdir", "sendfile", "splice", "stat"],
  ...["statfs", "statx", "symlink", "symlinkat", "sync_file_range", "syncfs", "truncate", "umask", "unlink"],
  ...["unlinkat", "utime", "utimensat", "utimes", "write", "writev"],
  // Extended attributes, in which access control lists are.
  ...["fgetxattr", "flistxattr", "fremovexattr", "fsetxattr", "getxattr", "lgetxattr", "listxattr"],
  ...["llistxattr", "lremovexattr", "lsetxattr", "removexattr", "setxattr"],
  // Connections, and waiting for what comes on them.
  ...["accept", "accept4", "bind", "connect", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait"],
  ...["epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "getpeername", "getsockname", "getsockopt"],
  ...["listen", "poll", "ppoll", "pselect6", "recvfrom", "recvmmsg", "recvmsg", "select", "sendmmsg"],
  ...["sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair"],
  // Memory.
  ...["brk", "madvise", "membarrier", "mmap", "mprotect", "mremap", "munmap"],
  // Programs, threads and signals.
  ...["arch_prctl", "capget", "capset", "execve", "exit", "exit_group", "fork", "futex", "get_robust_list"],
  ...["getpgid", "getpgrp", "getpid", "getppid", "getrandom", "getrlimit", "getrusage", "getsid", "gettid"],
  ...["kill", "pause", "prctl", "prlimit64", "restart_syscall", "rseq", "rt_sigaction", "rt_sigpending"],
  ...["rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "sched_get_priority_max"],
  ...["sched_get_priority_min", "sched_getaffinity", "sched_getparam", "sched_getscheduler"],
  ...["sched_setscheduler", "sched_yield", "set_robust_list", "set_tid_address", "setpgid", "setrlimit"],
  ...["setsid", "sigaltstack", "sysinfo", "tgkill", "tkill", "uname", "vfork", "wait4", "waitid"],
  // Who it is, and going over to another user.
  ...["getegid", "geteuid", "getgid", "getgroups", "getresgid", "getresuid", "getuid", "setfsgid"],
  ...["setfsuid", "setgid", "setgroups", "setregid", "setresgid", "setresuid", "setreuid", "setuid"],
  // Time.
  ...["clock_getres", "clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "time", "times"],
];
