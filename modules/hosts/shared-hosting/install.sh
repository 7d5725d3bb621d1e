#!/bin/sh
# Puts the site into an account of a hosting company, or takes it out again. Written by Slipway (npm run export).
#
#   sh install.sh install HANDLER    cgi, fastcgi, mod_python or passenger; again after each export
#   sh install.sh verify URL         asks the site what it shows, and what it must not show
#   sh install.sh uninstall          removes what it made; uploads, sessions and passwords that you wrote stay
#
#   --public DIR     the folder that visitors see (default: PUBLIC_DEFAULT)
#   --private DIR    a folder that they do not see (default: ~/@FOLDER@)
#   --python FILE    Python 3.11 or newer (default: the first one that is found)
#   --http           do not lead visitors to https (--https: do, which is the default)
#   --behind-proxy   a proxy of the host ends TLS, and is believed who visitors are (--no-proxy: there is none)
#
# The last four are kept for the next time.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
begin='# BEGIN Slipway' end='# END Slipway'
public=$HOME/public_html@AT@ private=$HOME/@FOLDER@ python='' https='' proxy=''

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set -eu/{s/^# \{0,1\}//;s|PUBLIC_DEFAULT|~/public_html@AT@|;/^set -eu/!p}' "$0"
  exit 2
}

# Python 3.11 or newer with what it makes virtual environments of.
fits() {
  command -v "$1" >/dev/null 2>&1 &&
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The first line of a script wants it.
whole_path() {
  python=$("$python" -c 'import sys; print(sys.executable)')
}

find_python() {
  if [ -n "$python" ]; then
    fits "$python" || fail "$python is no Python 3.11 or newer with venv and pip. Name another one with --python."
    whole_path
    return
  fi
  for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if fits "$python"; then whole_path; return; fi
  done
  fail "there is no Python 3.11 or newer with venv and pip here. Ask your host for one, or name it with --python."
}

# What was said the last time, where nothing is said now.
options() {
  kept=$private/.options
  [ -n "$https" ] || https=$(sed -n 's/^https=//p' "$kept" 2>/dev/null || true)
  [ -n "$proxy" ] || proxy=$(sed -n 's/^proxy=//p' "$kept" 2>/dev/null || true)
  https=${https:-yes} proxy=${proxy:-no}
}

# Whether a panel has made the folder for an application of Python, and nothing else is in it.
is_of_the_panel() {
  [ "$handler" = passenger ] && [ -z "$(find "$private" -mindepth 1 -maxdepth 1 ! -name passenger_wsgi.py ! -name public ! -name tmp ! -name '*.log' ! -name __pycache__)" ]
}

# The .htaccess without our part of it.
others() {
  [ ! -f "$public/.htaccess" ] || sed "/^$begin\$/,/^$end\$/d" "$public/.htaccess"
}

check() {
  { [ -d "$here/$handler" ] && [ -d "$here/private" ]; } || fail "there is no folder $handler beside install.sh: allowed is cgi, fastcgi, mod_python or passenger."
  [ -d "$public" ] || [ -d "$(dirname "$public")" ] || fail "there is no folder $public. Name the one that visitors see with --public."
  mkdir -p "$public"
  public=$(cd "$public" && pwd -P)
  [ -w "$public" ] || fail "$public is not yours to write."
  mkdir -p "$(dirname "$private")"
  private=$(cd "$(dirname "$private")" && pwd -P)/$(basename "$private")
  case "$private/" in
    "$public"/*) fail "$private is below $public, where visitors get. Name another one with --private." ;;
  esac
  if [ -e "$private" ] && [ ! -f "$private/site.json" ] && ! is_of_the_panel; then
    fail "$private is there already and holds something else. Move it away, or name another one with --private."
  fi
  if [ "$handler" != passenger ] && [ -n "$(others)" ]; then
    fail "$public/.htaccess has lines of somebody else. Move it away, or name an empty folder with --public."
  fi
  was=$(sed -n 1p "$private/.shown" 2>/dev/null || true)
  if [ "${was:-$public}" != "$public" ]; then
    fail "visitors see this site in $was. Take it out first (sh install.sh uninstall), or name that folder with --public."
  fi
  taken=$(shown | while IFS= read -r file; do
    [ ! -e "$public/$file" ] || grep -Fqx -- "$file" "$private/.shown" 2>/dev/null || echo "$public/$file"
  done)
  [ -z "$taken" ] || fail "somebody else's files are in the way: $taken. Move them away, or name another folder with --public."
  options
  if [ -n "$(find "$public" -prune -perm /022)" ]; then
    echo "install.sh: others may write to $public, which many hosts refuse: chmod go-w $public" >&2
  fi
  find_python
}

copy_private() {
  umask 077
  mkdir -p "$private/secrets"
  chmod 700 "$private" "$private/secrets"
  # Passenger asks as Apache's own user whether there is a file of its name; which ones there are, it does not see.
  [ "$handler" != passenger ] || chmod 711 "$private"
  for file in "$here"/private/secrets/*; do
    [ -e "$file" ] || continue
    name=$private/secrets/${file##*/}
    # A password stays, which would log everybody out if it changed. So does an address that you wrote here, unless
    # there is another one now.
    case $file in
      *-url) given=$(grep -c 'USER:PASSWORD@HOST' "$file" || true) ;;
      *) given=1 ;;
    esac
    if [ ! -s "$name" ] || grep -q 'USER:PASSWORD@HOST' "$name" || [ "$given" = 0 ]; then cp "$file" "$name"; fi
    chmod 600 "$name"
  done
  rm -rf "$private/app" "$private/slipway_node" "$private/settings"
  for file in "$here"/private/* "$here/private/.htaccess"; do
    [ "${file##*/}" = secrets ] || cp -R "$file" "$private/"
  done
  printf 'https=%s\nproxy=%s\n' "$https" "$proxy" >"$private/.options"
  [ "$proxy" = no ] || edit 's/"behindProxy": false/"behindProxy": true/' "$private/site.json"
}

# A virtual environment that is used already, such as a panel's, takes the packages itself.
install_packages() {
  if "$python" -c 'import sys; sys.exit(sys.prefix == sys.base_prefix)'; then
    "$python" -m pip install --quiet --disable-pip-version-check -r "$private/requirements.txt"
    return
  fi
  wanted=$("$python" -c 'import sys; print(sys.version_info[:2])' && cat "$private/requirements.txt")
  if [ "$wanted" != "$(cat "$private/venv/.made-of" 2>/dev/null || true)" ]; then
    rm -rf "$private/venv"
    "$python" -m venv "$private/venv"
    "$private/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$private/requirements.txt"
    echo "$wanted" >"$private/venv/.made-of"
  fi
  python=$private/venv/bin/python
}

# Files of the folder that visitors see, as paths below it.
shown() {
  (cd "$here/public" && find . -type f) | sed 's|^\./||'
  (cd "$here/$handler" && find . -type f ! -path ./.htaccess) | sed 's|^\./||'
}

copy_public() {
  umask 022
  shown | sort >"$private/.shown.new"
  if [ -f "$private/.shown" ]; then
    sed 1d "$private/.shown" | while IFS= read -r file; do
      grep -Fqx -- "$file" "$private/.shown.new" || rm -f "$public/$file"
    done
  fi
  # Before they are there: what an installation that was cut off had copied is ours, too.
  { echo "$public" && cat "$private/.shown.new"; } >"$private/.shown"
  (cd "$here/public" && tar -cf - .) | (cd "$public" && tar -xof -)
  (cd "$here/$handler" && tar --exclude=./.htaccess -cf - .) | (cd "$public" && tar -xof -)
  chmod 755 "$public"
  for script in "$public/slipway.cgi" "$public/slipway.fcgi" "$public/slipway_mod_python.py"; do
    [ -f "$script" ] || continue
    edit "s|^PRIVATE = .*|PRIVATE = \"$private\"|" "$script"
    edit "1s|^#!.*|#!$python|" "$script"
  done
  {
    echo "$begin"
    rules
    echo "$end"
    others
  } >"$private/.htaccess.new"
  cp "$private/.htaccess.new" "$public/.htaccess"
  rm "$private/.shown.new" "$private/.htaccess.new"
}

# Our part of the .htaccess, with what was chosen of it.
rules() {
  [ "$proxy" = no ] && forwarded='' || forwarded='s/^#\(RewriteCond %{HTTP:X-Forwarded-Proto}\)/\1/'
  [ "$https" = yes ] && switch='' || switch='/^# Visitors are led to https/,/^$/s/^Rewrite/#&/'
  sed -e "$forwarded" -e "$switch" "$here/$handler/.htaccess"
}

edit() {
  sed "$1" "$2" >"$private/.edited"
  cat "$private/.edited" >"$2"
  rm "$private/.edited"
}

install() {
  check
  copy_private
  install_packages
  if grep -q 'USER:PASSWORD@HOST' "$private"/secrets/* 2>/dev/null; then
    fail "write the address of your database into $(grep -l 'USER:PASSWORD@HOST' "$private"/secrets/*), and run this again."
  fi
  "$python" "$private/manage.py" migrate
  "$python" "$private/manage.py" check
  copy_public
  # What runs ends, and begins again with this release: slipway.fcgi looks at the one, Passenger at the other.
  mkdir -p "$private/tmp"
  touch "$private/site.json" "$private/tmp/restart.txt"
  echo "Installed: visitors see $public, and $private is yours alone."
}

uninstall() {
  [ -f "$private/site.json" ] || fail "there is no site in $private: nothing to remove."
  if [ -f "$private/.shown" ]; then
    public=$(sed -n 1p "$private/.shown")
    sed 1d "$private/.shown" | while IFS= read -r file; do rm -f "$public/$file"; done
    sed 1d "$private/.shown" | while IFS= read -r file; do
      folder=$(dirname "$file")
      while [ "$folder" != . ]; do
        rmdir "$public/$folder" 2>/dev/null || break
        folder=$(dirname "$folder")
      done
    done
    # Python's own, of the module that mod_python imports there.
    rm -f "$public"/__pycache__/slipway_mod_python.*
    rmdir "$public/__pycache__" 2>/dev/null || true
    others >"$private/.htaccess.new"
    if [ -s "$private/.htaccess.new" ]; then cp "$private/.htaccess.new" "$public/.htaccess"; else rm -f "$public/.htaccess"; fi
  fi
  for file in "$here"/private/secrets/*; do
    [ -e "$file" ] && cmp -s "$file" "$private/secrets/${file##*/}" && rm "$private/secrets/${file##*/}"
  done
  (cd "$private" && rm -rf app slipway_node settings tmp venv site.json requirements.txt manage.py slipway_site.py \
    slipway_settings.py slipway_places.py passenger_wsgi.py __pycache__ .htaccess .htaccess.new .shown .shown.new .edited .options state/lock state/job-*.lock state/service)
  find "$private" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  if [ -e "$private" ]; then echo "Removed, but for your data in $private: $(cd "$private" && find . -type f | wc -l) files."; else echo "Removed."; fi
}

[ $# -gt 0 ] || usage
command=$1
shift
argument=''
while [ $# -gt 0 ]; do
  case "$1" in
    --public | --private | --python)
      [ $# -gt 1 ] || usage
      case "$1" in
        --public) public=$2 ;;
        --private) private=$2 ;;
        --python) python=$2 ;;
      esac
      shift
      ;;
    --http) https=no ;;
    --https) https=yes ;;
    --behind-proxy) proxy=yes ;;
    --no-proxy) proxy=no ;;
    -*) usage ;;
    *) argument=$1 ;;
  esac
  shift
done
case "$command" in
  install)
    [ -n "$argument" ] || usage
    handler=$argument
    install
    ;;
  verify)
    [ -n "$argument" ] || usage
    find_python
    exec "$python" "$private/manage.py" verify "$argument"
    ;;
  uninstall) uninstall ;;
  *) usage ;;
esac
