#include "common/safetensors.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "common/safetensors_writer.hpp"
#include "expect_error.hpp"
#include "forgetful_disk.hpp"
#include "safetensors_bytes.hpp"
#include "temporary_folder.hpp"

using distilbert::checkpoint_metadata;
using distilbert::Dtype;
using distilbert::SafetensorsFile;
using distilbert::tensor_to_write;
using distilbert::TensorToWrite;
using distilbert::write_safetensors;

namespace {

const std::vector<float> kWeights = {1.0F, -2.0F, 3.5F, 0.0F, 1e-40F, 6.0F};
const std::vector<std::int64_t> kIds = {101, -1, 102};
const std::vector<std::uint8_t> kHalves = {0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00};

std::vector<TensorToWrite> some_tensors() {
  return {{"half", Dtype::kF16, {3}, std::as_bytes(std::span(kHalves))},
          tensor_to_write<float>("weights", {2, 3}, kWeights),
          tensor_to_write<std::int64_t>("ids", {3}, kIds),
          tensor_to_write<float>("scalar", {}, std::span(kWeights).first(1)),
          tensor_to_write<float>("nothing", {0, 5}, {})};
}

// The file that safetensors 0.8.0 makes of the four tensors of some_tensors
// that aren't empty.
const std::string kFileOfTheReference = safetensors_bytes(
    R"({"__metadata__":{"format":"pt"},)"
    R"("ids":{"dtype":"I64","shape":[3],"data_offsets":[0,24]},)"
    R"("scalar":{"dtype":"F32","shape":[],"data_offsets":[24,28]},)"
    R"("weights":{"dtype":"F32","shape":[2,3],"data_offsets":[28,52]},)"
    R"("half":{"dtype":"F16","shape":[3],"data_offsets":[52,58]}})"
    "    ");

}  // namespace

TEST_CASE("what is written is read back, aligned, and shared with the file") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, some_tensors(), checkpoint_metadata());
  const auto file = SafetensorsFile::open(path);
  CHECK(file.tensors().size() == 5);
  CHECK(file.metadata().at("format") == "pt");
  CHECK(file.read_values<float>("weights") == kWeights);
  CHECK(file.read_values<std::int64_t>("ids") == kIds);
  CHECK(file.read_values<float>("half") ==
        std::vector<float>{1.0F, -2.0F, 0x1p-24F});
  CHECK(file.read_values<double>("scalar") == std::vector<double>{1.0});
  CHECK(file.read_values<float>("nothing").empty());
  const auto mapped = file.mapped_values<float>(file.info("weights"));
  REQUIRE(mapped.has_value());
  CHECK((*mapped)[2] == 3.5F);
  CHECK_FALSE(file.mapped_values<double>(file.info("weights")).has_value());
  CHECK_FALSE(file.mapped_values<float>(file.info("half")).has_value());
}

TEST_CASE("wider elements stand first, otherwise the given order") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, some_tensors());
  std::vector<std::string> names;
  const auto file = SafetensorsFile::open(path);
  for (const auto& tensor : file.tensors()) {
    names.push_back(tensor.name);
  }
  // A tensor without bytes lies where the next one begins, and sorts before it.
  CHECK(names == std::vector<std::string>{"ids", "weights", "scalar", "nothing",
                                          "half"});
}

TEST_CASE("the header is the reference's, byte for byte") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(
      path,
      {tensor_to_write<std::int64_t>("ids", {3}, kIds),
       tensor_to_write<float>("scalar", {}, std::span(kWeights).first(1)),
       tensor_to_write<float>("weights", {2, 3}, kWeights),
       {"half", Dtype::kF16, {3}, std::as_bytes(std::span(kHalves))}},
      checkpoint_metadata());
  const std::string written = read_file(path);
  CHECK(written.substr(0, kFileOfTheReference.size()) == kFileOfTheReference);
  CHECK(written.size() == kFileOfTheReference.size() + 58);
}

TEST_CASE("values that aren't aligned are copied, not mapped") {
  const TemporaryFolder folder;
  const std::string numbers("\0\0\x80\x3F\0\0\0\x40", 8);  // 1 and 2
  const std::string header =
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}})";
  const auto path = folder.write("f", safetensors_bytes(header, "x" + numbers));
  const auto file = SafetensorsFile::open(path);
  const bool aligned = (8 + header.size() + 1) % alignof(float) == 0;
  REQUIRE_FALSE(aligned);
  CHECK_FALSE(file.mapped_values<float>(file.info("b")).has_value());
  CHECK(file.read_values<float>("b") == std::vector<float>{1.0F, 2.0F});
}

TEST_CASE("mapped values can be trained without touching the file") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, some_tensors());
  const std::string before = read_file(path);
  const auto file = SafetensorsFile::open(path);
  (*file.mapped_values<float>(file.info("weights")))[0] = 42.0F;
  CHECK(file.read_values<float>("weights")[0] == 42.0F);
  CHECK(read_file(path) == before);
}

TEST_CASE("mapped values outlive the file object that gave them") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, some_tensors());
  std::shared_ptr<distilbert::MappedFile> mapping;
  std::span<float> values;
  {
    const auto file = SafetensorsFile::open(path);
    mapping = file.mapping();
    values = *file.mapped_values<float>(file.info("weights"));
  }
  CHECK(values[1] == -2.0F);
}

TEST_CASE("a tensor that isn't there or is of another kind is named") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, some_tensors());
  const auto file = SafetensorsFile::open(path);
  CHECK(file.find("none") == nullptr);
  expect_error([&] { (void)file.info("none"); },
               {path.string(), "\"none\", found none"});
  expect_error([&] { (void)file.read_values<float>("ids"); },
               {path.string(), "\"ids\"", "F32", "found I64"});
  expect_error([&] { (void)file.read_values<std::int64_t>("half"); },
               {path.string(), "\"half\"", "integers", "found F16"});
  std::vector<float> wrong(5);
  CHECK_THROWS_AS(file.copy_values<float>(file.info("weights"), wrong),
                  std::logic_error);
}

TEST_CASE("the same tensors make the same bytes") {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "a", some_tensors());
  write_safetensors(folder.path() / "b", some_tensors());
  CHECK(read_file(folder.path() / "a") == read_file(folder.path() / "b"));
}

TEST_CASE("names with quotes, line breaks and other alphabets survive") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f";
  const std::string name = "a\"b\\c\n\x01 é 漢";
  write_safetensors(path, {tensor_to_write<float>(name, {6}, kWeights)});
  CHECK(SafetensorsFile::open(path).read_values<float>(name) == kWeights);
}

TEST_CASE("tensors that contradict themselves aren't written") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f";
  const auto write = [&](std::vector<TensorToWrite> tensors) {
    write_safetensors(path, std::move(tensors));
  };
  CHECK_THROWS_AS(write({tensor_to_write<float>("a", {5}, kWeights)}),
                  std::logic_error);
  CHECK_THROWS_AS(write({tensor_to_write<float>("a", {6}, kWeights),
                         tensor_to_write<float>("a", {6}, kWeights)}),
                  std::logic_error);
  CHECK_THROWS_AS(write({tensor_to_write<float>("__metadata__", {0}, {})}),
                  std::logic_error);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a full disk leaves the old checkpoint") {
  ForgetfulDisk disk;
  disk.put("m.safetensors", "old");
  disk.fail_at(3, std::errc::no_space_on_device);
  expect_error(
      [&] { write_safetensors("m.safetensors", some_tensors(), {}, disk); },
      {"m.safetensors: can't be written: No space left on device"});
  CHECK(disk.read("m.safetensors") == "old");
  CHECK(disk.files() == 1);
}
