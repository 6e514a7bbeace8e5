#include "common/folder_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "catch.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::FolderLock;

TEST_CASE("a lock makes its folder and leaves no file in it") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a" / "b";
  {
    const FolderLock lock(path);
  }
  CHECK(std::filesystem::is_directory(path));
  CHECK(std::filesystem::is_empty(path));
}

TEST_CASE("a folder has one lock at a time") {
  const TemporaryFolder folder;
  std::optional<FolderLock> lock(std::in_place, folder.path());
  expect_error([&] { const FolderLock second(folder.path()); },
               {folder.path().string(), "no other run"});
  lock.reset();
  CHECK_NOTHROW(FolderLock(folder.path()));
}

TEST_CASE("the lock of a killed process is free") {
  const TemporaryFolder folder;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const FolderLock lock(folder.path());
    const bool told = ::write(pipe_ends[1], "x", 1) == 1;
    ::pause();
    ::_exit(told ? 0 : 1);
  }
  char byte = 0;
  REQUIRE(::read(pipe_ends[0], &byte, 1) == 1);
  expect_error([&] { const FolderLock lock(folder.path()); }, {"no other run"});
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_NOTHROW(FolderLock(folder.path()));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_CASE("a folder that can't be is named with the reason") {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "x");
  expect_error([&] { const FolderLock lock(file); }, {file.string()});
  expect_error([&] { const FolderLock lock(file / "below"); },
               {(file / "below").string(), "Not a directory"});
}
