# Installing what is missing: distribution packages through apt-get, Python
# packages into .venv. Sourced by ./dev, from the root of the project.

build_packages=(
  g++ cmake ninja-build
  xtl-dev libxsimd-dev libxtensor-dev libxtensor-blas-dev libopenblas-pthread-dev
  nlohmann-json3-dev libfmt-dev libcli11-dev libzip-dev catch2
)
python_packages=(python3 python3-venv ca-certificates)
test_packages=("${python_packages[@]}")
check_packages=(doxygen clang libclang-rt-dev ccache)

# Whether dpkg knows the package as installed.
is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages NAME...: installs those that are missing, asking nothing.
need_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    need_tools_of_another_system "$@"
    return
  fi
  local missing=() name as_root=()
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      complain "these packages are missing, and installing them takes root or sudo:"
      complain "  apt-get install ${missing[*]}"
      exit 1
    fi
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  install_packages "${missing[@]}" || exit 1
}

# Tries with the package lists that are there, and fetches new ones only when
# that fails: they may be absent or old.
install_packages() {
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
    -o DPkg::Lock::Timeout=300 -y)
  local install=("${apt[@]}" install --no-install-recommends "$@")
  mkdir -p build/logs
  if "${install[@]}" >build/logs/apt-first-try.log 2>&1 </dev/null; then
    return
  fi
  run_logged apt-update "${apt[@]}" update && run_logged apt-install "${install[@]}"
}

# Where there is no apt-get: says what to install, and goes on when the commands
# are there. CMake names any library that is not.
need_tools_of_another_system() {
  local name command missing=()
  for name in "$@"; do
    case "$name" in
      g++ | cmake | doxygen | clang) command=$name ;;
      ninja-build) command=ninja ;;
      python3) command=python3 ;;
      *) continue ;;
    esac
    command -v "$command" >/dev/null || missing+=("$command")
  done
  if ((${#missing[@]})); then
    complain "no apt-get here, and missing: ${missing[*]}"
    complain "install these (Debian's names), or what your system calls them: $*"
    exit 1
  fi
}

# need_python_packages NAME...: scripts/requirements-NAME.txt, into .venv. Those
# of `reference` (PyTorch) go into .venv-reference, so that no test can come to
# depend on them unnoticed.
need_python_packages() {
  local name folder stamp
  for name in "$@"; do
    folder=.venv
    [[ $name == reference ]] && folder=.venv-reference
    need_venv "$folder"
    stamp=$folder/installed-$name.txt
    cmp -s "scripts/requirements-$name.txt" "$stamp" && continue
    say "installing the Python packages of scripts/requirements-$name.txt"
    run_logged "pip-$name" "$folder/bin/python" -m pip install --no-input \
      --disable-pip-version-check -r "scripts/requirements-$name.txt" || exit 1
    cp "scripts/requirements-$name.txt" "$stamp"
  done
}

# A venv breaks when the system's Python is replaced or the folder is moved.
need_venv() {
  if [[ -x $1/bin/python ]] && "$1/bin/python" -m pip --version >/dev/null 2>&1 &&
    grep -qF "$PWD/$1" "$1/bin/activate"; then
    return
  fi
  rm -rf "$1"
  say "creating $1"
  run_logged venv python3 -m venv "$1" || exit 1
}
