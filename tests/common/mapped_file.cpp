#include "common/mapped_file.hpp"

#include <sys/stat.h>

#include <cstddef>
#include <memory>

#include "catch.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::MappedFile;

TEST_CASE("a mapped file shows the file's bytes") {
  const TemporaryFolder folder;
  const auto file = MappedFile::open(folder.write("f", "abc"));
  REQUIRE(file->bytes().size() == 3);
  CHECK(file->bytes()[2] == std::byte{'c'});
  CHECK(file->text() == "abc");
}

TEST_CASE("writing to mapped bytes leaves the file alone") {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "abc");
  const auto file = MappedFile::open(path);
  file->bytes()[0] = std::byte{'x'};
  CHECK(file->bytes()[0] == std::byte{'x'});
  CHECK(read_file(path) == "abc");
  CHECK(MappedFile::open(path)->bytes()[0] == std::byte{'a'});
}

TEST_CASE("dropped pages are read again, without what was written to them") {
  const TemporaryFolder folder;
  const auto file = MappedFile::open(folder.write("f", "abc"));
  file->bytes()[0] = std::byte{'x'};
  file->drop_pages();
  CHECK(file->bytes()[0] == std::byte{'a'});
  CHECK(file->bytes()[2] == std::byte{'c'});
}

TEST_CASE("a mapped file outlives its name") {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "abc");
  const auto file = MappedFile::open(path);
  std::filesystem::remove(path);
  CHECK(file->bytes()[1] == std::byte{'b'});
}

TEST_CASE("an empty file is an empty span") {
  const TemporaryFolder folder;
  const auto file = MappedFile::open(folder.write("f", ""));
  file->drop_pages();
  CHECK(file->bytes().empty());
  CHECK(file->text().empty());
}

TEST_CASE("what can't be mapped is named with the reason") {
  const TemporaryFolder folder;
  expect_error([&] { MappedFile::open(folder.path() / "none"); },
               {(folder.path() / "none").string(), "No such file"});
  expect_error([&] { MappedFile::open(folder.path()); },
               {folder.path().string(), "a folder"});
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  expect_error([&] { MappedFile::open(pipe); }, {"no regular file"});
  expect_error([] { MappedFile::open("/dev/zero"); }, {"no regular file"});
}
