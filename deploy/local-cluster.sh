#!/usr/bin/env bash
# Runs a cluster on this machine without containers: nodes of the Host, PostgreSQL and nginx, each a process of its own on a free loopback port.
# The topology is that of docker-compose.yml. All state is in one directory, which the caller gives and may delete after `down`.
#
#   deploy/local-cluster.sh <directory> up [nodes] [argument of the Host ...]   starts everything; 3 nodes unless told otherwise
#   deploy/local-cluster.sh <directory> status                                 a line for each member: name, state, process id, address
#   deploy/local-cluster.sh <directory> kill <member>                          SIGKILL, as a crash
#   deploy/local-cluster.sh <directory> stop <member>                          SIGTERM, waits for the end and prints the exit code
#   deploy/local-cluster.sh <directory> start <member>                         starts it again, on the port that it had
#   deploy/local-cluster.sh <directory> down                                   ends everything
#
# Members are node1, node2, …, postgres and balancer. The Host is the built one unless JSTP_HOST_DLL names another. Arguments of a single node stand in
# <directory>/<node>.arguments, one a line, and go before those of all. The directory must be one that the user postgres can enter. Processes are ended by their own ids only.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly host_dll=${JSTP_HOST_DLL:-$here/../src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll}
readonly postgres=$here/../eng/postgres.sh
readonly start_limit=60 # seconds until a member must be ready; they take one or two
readonly stop_limit=60  # seconds that a node may take to drain

fail() {
  echo "local-cluster.sh: $*" >&2
  exit 1
}

# Ports of members lie below those that Linux gives to outgoing connections, which could take the port of a member that is down.
free_port() { # <member>
  local port

  if [[ -e $state/$1.port ]]; then
    return
  fi

  while :; do
    port=$((20000 + RANDOM % 12000))

    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && ! grep -qsx "$port" "$state"/*.port; then
      echo "$port" > "$state/$1.port"
      return
    fi
  done
}

port_of() { # <member>
  if [[ $1 == postgres ]]; then
    cat "$state/postgres/port"
  else
    cat "$state/$1.port"
  fi
}

members() {
  local file
  echo postgres
  for file in "$state"/node*.port; do
    basename "$file" .port
  done | sort -V
  echo balancer
}

# The process id of a member that runs; nothing otherwise. A process id may have gone to another process meanwhile, which its start time tells.
pid_of() { # <member>
  local pid started

  if [[ $1 == postgres ]]; then
    "$postgres" pid "$state/postgres" || true
  elif [[ -e $state/$1.pid ]] && read -r pid started < "$state/$1.pid" && [[ $(start_time "$pid") == "$started" ]]; then
    echo "$pid"
  fi
}

start_time() { # <pid>
  local stat

  if read -r stat 2> /dev/null < "/proc/$1/stat"; then
    stat=${stat##*) } # behind the name of the program, which may hold anything
    [[ $stat == Z* ]] || cut -d' ' -f20 <<< "$stat"
  fi
}

# Runs a program in the background, in a session of its own so that the end of the caller's terminal does not reach it, and keeps its exit code.
launch() { # <member> <program> [argument ...]
  local member=$1
  shift
  rm -f "$state/$member.exit" "$state/$member.pid"
  setsid bash -c '
    state=$1 member=$2; shift 2
    "$@" > "$state/$member.out" 2>> "$state/$member.log" < /dev/null &
    stat=$(< "/proc/$!/stat"); stat=${stat##*) }
    echo "$! $(cut -d" " -f20 <<< "$stat")" > "$state/$member.pid"
    code=0; wait $! || code=$?
    echo "$code" > "$state/$member.exit"
  ' launch "$state" "$member" "$@" > /dev/null 2>&1 < /dev/null &
  await "$member" "[[ -s $state/$member.pid ]]"
}

# Waits until a member is ready, which the condition tells.
await() { # <member> <condition>
  local deadline=$((SECONDS + start_limit))

  until eval "$2"; do
    [[ ! -e $state/$1.exit ]] || fail "$1 ended with code $(cat "$state/$1.exit"): $(tail -n 5 "$state/$1.log")"
    ((SECONDS < deadline)) || fail "$1 is not ready after $start_limit s: $(tail -n 5 "$state/$1.log")"
    sleep 0.02
  done
}

answers() { # <port>
  (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

start_node() { # <node>
  local arguments=()

  for file in "$state/$1.arguments" "$state/arguments"; do
    if [[ -e $file ]]; then
      mapfile -t -O "${#arguments[@]}" arguments < "$file"
    fi
  done

  cd "$state" # where a jstp.json would be looked for
  launch "$1" dotnet "$host_dll" --urls "http://127.0.0.1:$(port_of "$1")" --Jstp:Node="$1" --Jstp:Store=postgres \
    --Jstp:ConnectionString="$("$postgres" connection "$state/postgres")" "${arguments[@]}"
  await "$1" "grep -q '^Listening on ' '$state/$1.out'"
}

start_balancer() {
  local nodes="" member

  for member in $(members); do
    if [[ $member == node* ]]; then
      nodes+="server 127.0.0.1:$(port_of "$member") max_fails=0; "
    fi
  done

  mkdir -p "$state/nginx"
  sed -e "s|\${JSTP_BALANCER_PID}|$state/nginx/pid|" -e "s|\${JSTP_NODES}|$nodes|" -e "s|\${JSTP_LISTEN}|127.0.0.1:$(port_of balancer)|" \
    "$here/nginx.conf.template" > "$state/nginx/nginx.conf"
  launch balancer "$(find_program nginx /usr/sbin)" -p "$state/nginx" -e stderr -c "$state/nginx/nginx.conf"
  await balancer "answers $(port_of balancer)"
}

start_postgres() {
  "$postgres" start "$state/postgres" -c max_connections=200 -c shared_preload_libraries=pg_stat_statements > /dev/null
}

find_program() { # <name> <folder>
  PATH=$PATH:$2 command -v "$1" || fail "$1 is missing: apt-get install $1"
}

start() { # <member>
  [[ -z $(pid_of "$1") ]] || fail "$1 runs already."

  case $1 in
    postgres | balancer) "start_$1" ;;
    *) start_node "$1" ;;
  esac
}

# Sends a signal to a member and waits for the end of it. The workers of nginx end by themselves when they are asked to, but survive the kill of their master.
end() { # <member> <signal>
  local pid deadline=$((SECONDS + stop_limit)) parts=() part

  if [[ $1 == postgres ]]; then
    "$postgres" "$([[ $2 == KILL ]] && echo kill || echo stop)" "$state/postgres"
    return
  fi

  pid=$(pid_of "$1")
  [[ -n $pid ]] || return 0
  mapfile -t parts < <(pgrep -P "$pid" || true)
  kill "-$2" "$pid"

  if [[ $2 == KILL ]]; then
    for part in "${parts[@]}"; do
      kill -KILL "$part" 2> /dev/null || true
    done
  fi

  for part in "$pid" "${parts[@]}"; do
    while [[ -n $(start_time "$part") ]]; do
      ((SECONDS < deadline)) || fail "$1 (process $part) did not end within $stop_limit s."
      sleep 0.02
    done
  done

  # The exit code is written by the process that waits for the member, a moment later.
  until [[ -s $state/$1.exit ]]; do
    sleep 0.02
  done

  rm -f "$state/$1.pid"
}

up() { # [nodes] [argument ...]
  local count=${1:-3} i
  [[ $count =~ ^[1-9][0-9]*$ ]] || fail "'$count' is no number of nodes."
  shift || true
  [[ -e $host_dll ]] || fail "$host_dll is missing: dotnet build src/Jstp.Host -c Release"
  (($# == 0)) || printf '%s\n' "$@" > "$state/arguments"

  for member in balancer $(seq -f 'node%g' "$count"); do
    free_port "$member"
  done

  start postgres

  # At once: most of the time of a start is one core's.
  for ((i = 1; i <= count; i++)); do
    start "node$i" &
  done

  for ((i = 1; i <= count; i++)); do
    wait -n || exit 1
  done

  start balancer
  status
}

status() {
  local member pid

  for member in $(members); do
    pid=$(pid_of "$member")
    echo "$member $([[ -n $pid ]] && echo up || echo down) ${pid:--} 127.0.0.1:$(port_of "$member")"
  done
}

down() {
  local member

  for member in $(members | tac); do
    case $member in
      postgres) end "$member" TERM ;; # what is killed leaves shared memory behind
      *) end "$member" KILL ;;
    esac
  done
}

is_member() { # <name>
  [[ ${1:-} == postgres || (-n ${1:-} && -e $state/$1.port) ]] || fail "there is no member '${1:-}'."
}

[[ $# -ge 2 ]] || fail "usage: local-cluster.sh <directory> up [nodes] | status | kill <member> | stop <member> | start <member> | down"
mkdir -p "$1"
state=$(cd "$1" && pwd)
readonly state

case $2 in
  up) up "${@:3}" ;;
  status) status ;;
  down) down ;;
  start) is_member "${3:-}" && start "$3" ;;
  kill) is_member "${3:-}" && end "$3" KILL ;;
  stop)
    is_member "${3:-}"
    end "$3" TERM
    [[ $3 == postgres ]] || cat "$state/$3.exit"
    ;;
  *) fail "there is no command '$2'." ;;
esac
