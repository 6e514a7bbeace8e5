#include "common/write_file_atomically.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>

#include "catch.hpp"
#include "common/temporary_file.hpp"
#include "expect_error.hpp"
#include "forgetful_disk.hpp"
#include "temporary_folder.hpp"

using distilbert::remove_temporary_files;
using distilbert::temporary_name;
using distilbert::write_file_atomically;
using distilbert::WriteBytes;

namespace {

const std::string kOld = "old content";
const std::string kNew = "new, and longer, content";

// In two parts, taken in pieces of five bytes: six writes.
void write_new(ForgetfulDisk& disk) {
  disk.take_at_most(5);
  write_file_atomically(
      "out/f",
      [](const WriteBytes& write) {
        write(std::as_bytes(std::span(kNew).first(9)));
        write(std::as_bytes(std::span(kNew).subspan(9)));
      },
      disk);
}

int calls_of_a_write() {
  ForgetfulDisk disk;
  disk.put("out/f", kOld);
  write_new(disk);
  return disk.calls();
}

}  // namespace

TEST_CASE("a file is written, replaced, and alone in its folder") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f";
  write_file_atomically(path, "one");
  CHECK(read_file(path) == "one");
  write_file_atomically(path, "");
  CHECK(read_file(path).empty());
  CHECK(folder.entries() == 1);
}

TEST_CASE("a name without a folder is written to the current one") {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file_atomically("plain", "x");
  std::filesystem::current_path(before);
  CHECK(read_file(folder.path() / "plain") == "x");
}

TEST_CASE("after a power cut at any call the name holds old or new, whole") {
  const int calls = calls_of_a_write();
  REQUIRE(calls >= 10);
  for (int call = 0; call <= calls; ++call) {
    ForgetfulDisk disk;
    disk.put("out/f", kOld);
    disk.lose_power_at(call);
    try {
      write_new(disk);
    } catch (const distilbert::Error&) {
      CHECK(call < calls);
    }
    for (const auto& content : disk.after_power_cut("out/f")) {
      INFO("power cut at call " << call);
      REQUIRE(content.has_value());
      CHECK((*content == kOld || *content == kNew));
    }
  }
}

TEST_CASE("after success the name holds the new content, whatever happens") {
  ForgetfulDisk disk;
  disk.put("out/f", kOld);
  write_new(disk);
  for (const auto& content : disk.after_power_cut("out/f")) {
    CHECK(content == kNew);
  }
  CHECK(disk.open_handles() == 0);
}

TEST_CASE("a first file is there whole or not at all") {
  for (int call = 0; call < calls_of_a_write(); ++call) {
    ForgetfulDisk disk;
    disk.lose_power_at(call);
    CHECK_THROWS_AS(write_new(disk), distilbert::Error);
    for (const auto& content : disk.after_power_cut("out/f")) {
      INFO("power cut at call " << call);
      CHECK((!content || *content == kNew));
    }
  }
}

TEST_CASE("a call that fails leaves the old file and no other, and a reason") {
  const int calls = calls_of_a_write();
  for (int call = 0; call < calls; ++call) {
    ForgetfulDisk disk;
    disk.put("out/f", kOld);
    disk.fail_at(call, std::errc::no_space_on_device);
    INFO("failure of call " << call);
    expect_error([&] { write_new(disk); },
                 {"out/f: can't be written: No space left on device"});
    // The last call makes the new name safe: the name is already new then.
    CHECK(disk.read("out/f") == (call + 1 < calls ? kOld : kNew));
    CHECK(disk.files() == 1);
    CHECK(disk.open_handles() == 0);
  }
}

TEST_CASE("a writer that throws leaves the old file and no other") {
  ForgetfulDisk disk;
  disk.put("out/f", kOld);
  const auto throwing = [](const WriteBytes& write) {
    write(std::as_bytes(std::span(kNew)));
    throw std::domain_error("a tensor went wrong");
  };
  CHECK_THROWS_AS(write_file_atomically("out/f", throwing, disk),
                  std::domain_error);
  CHECK(disk.read("out/f") == kOld);
  CHECK(disk.files() == 1);
  CHECK(disk.open_handles() == 0);
}

TEST_CASE("another's temporary file is left alone") {
  ForgetfulDisk disk;
  disk.put(temporary_name("out/f", 0).string(), "another's");
  write_new(disk);
  CHECK(disk.read("out/f") == kNew);
  CHECK(disk.read(temporary_name("out/f", 0).string()) == "another's");
}

TEST_CASE("a file that can't be written is named with the reason") {
  const TemporaryFolder folder;
  expect_error([&] { write_file_atomically(folder.path() / "no/f", "x"); },
               {"no/f", "No such file or directory"});
  std::filesystem::create_directory(folder.path() / "taken");
  expect_error([&] { write_file_atomically(folder.path() / "taken", "x"); },
               {"taken", "directory"});
  CHECK(folder.entries() == 1);
}

TEST_CASE("a pipe or a device is never replaced by a file") {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  expect_error([&] { write_file_atomically(pipe, "x"); },
               {"pipe", "no regular file"});
  CHECK(std::filesystem::is_fifo(pipe));
}

TEST_CASE("files that killed runs left are removed, and no others") {
  const TemporaryFolder folder;
  folder.write(temporary_name("model.safetensors", 0).string(), "half");
  folder.write(temporary_name("model.safetensors", 12).string(), "half");
  folder.write("model.safetensors", "whole");
  folder.write("notes.unfinished-draft", "mine");
  CHECK(remove_temporary_files(folder.path()) == 2);
  CHECK(folder.entries() == 2);
  expect_error([&] { remove_temporary_files(folder.path() / "none"); },
               {"none", "No such file"});
}
